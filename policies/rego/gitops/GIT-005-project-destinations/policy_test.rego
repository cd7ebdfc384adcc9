package idp_assess.gitops.project_destinations_test

import data.idp_assess.gitops.project_destinations

project(spec) := {"apiVersion": "argoproj.io/v1alpha1", "kind": "AppProject", "metadata": {"name": "shop"}, "spec": spec}

to(destination) := project({"destinations": [destination]})

test_listed if {
	every destination in [{"server": "*", "namespace": "shop"}, {"name": "in-cluster", "namespace": "shop-*"}, {}, 5, {"namespace": "*"}] {
		count(project_destinations.deny) == 0 with input as to(destination)
	}
}

test_any if {
	project_destinations.deny == {{
		"id": "GIT-005", "path": ["spec", "destinations", 0], "params": {"name": "shop", "where": "every cluster"}, "resource": "every cluster",
	}} with input as to({"server": "*", "namespace": "*"})
	count(project_destinations.deny) == 1 with input as to({"name": "in-cluster", "namespace": "*"})
}

test_of_the_platform_it_only_warns if {
	platform := json.patch(to({"server": "*", "namespace": "*"}), [{"op": "replace", "path": "/metadata/name", "value": "infra"}])
	count(project_destinations.deny) == 0 with input as platform
	count(project_destinations.warn) == 1 with input as platform
}

test_refusals if {
	count(project_destinations.deny) == 0 with input as project({"destinations": [{"server": "*", "namespace": "*"}, {"server": "*", "namespace": "!argocd"}]})
}
