package idp_assess.gitops.project_cluster_resources_test

import data.idp_assess.gitops.project_cluster_resources

project(spec) := {"apiVersion": "argoproj.io/v1alpha1", "kind": "AppProject", "metadata": {"name": "shop"}, "spec": spec}

allowing(kinds) := project({"clusterResourceWhitelist": kinds})

test_listed if {
	every kinds in [[{"group": "", "kind": "Namespace"}], [], [{"group": "shop.example.org", "kind": "*"}], 5, [5], [{"group": "*"}]] {
		count(project_cluster_resources.deny) == 0 with input as allowing(kinds)
	}
}

test_every_kind if {
	project_cluster_resources.deny == {{
		"id": "GIT-006", "path": ["spec", "clusterResourceWhitelist", 0], "params": {"name": "shop"},
	}} with input as allowing([{"group": "*", "kind": "*"}])
}

test_of_the_platform_it_only_warns if {
	platform := json.patch(allowing([{"group": "*", "kind": "*"}]), [{"op": "replace", "path": "/metadata/name", "value": "platform-core"}])
	count(project_cluster_resources.deny) == 0 with input as platform
	count(project_cluster_resources.warn) == 1 with input as platform
}

test_with_refusals if {
	count(project_cluster_resources.deny) == 0 with input as project({
		"clusterResourceWhitelist": [{"group": "*", "kind": "*"}],
		"clusterResourceBlacklist": [{"group": "rbac.authorization.k8s.io", "kind": "*"}],
	})
}
