package idp_assess.gitops.chart_versions_test

import data.idp_assess.gitops.chart_versions

application(automated) := {
	"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "shop"},
	"spec": {
		"project": "shop", "source": {"repoURL": "https://git.example.org/shop.git", "path": "a"},
		"destination": {"namespace": "shop"}, "syncPolicy": {"automated": automated},
	},
}

of_set(app) := {
	"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "metadata": {"name": "shop"},
	"spec": {"generators": [], "template": {"spec": app.spec}},
}

healed := {"prune": true, "selfHeal": true}

charted(revision) := json.patch(application(healed), [{"op": "replace", "path": "/spec/source", "value": {"repoURL": "https://charts.example.org", "chart": "nginx", "targetRevision": revision}}])

release(spec) := {
	"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": "nginx"},
	"spec": {"chart": {"spec": object.union({"chart": "nginx", "sourceRef": {"kind": "HelmRepository", "name": "a"}}, spec)}},
}

denied(path) := {{"id": "GIT-008", "path": path, "params": {"chart": "nginx"}, "resource": "nginx"}}

test_versions if {
	every version in ["4.13.2", "4.x", "~4.13", ">=4.0.0 <5.0.0", "{{ version }}"] {
		count(chart_versions.deny) == 0 with input as charted(version)
		count(chart_versions.deny) == 0 with input as release({"version": version})
	}
}

test_any_version if {
	every version in ["*", ">=4.0.0", "x.x.x"] {
		chart_versions.deny == denied(["spec", "source", "targetRevision"]) with input as charted(version)
		chart_versions.deny == denied(["spec", "chart", "spec", "version"]) with input as release({"version": version})
	}
	chart_versions.deny == denied(["spec", "chart", "spec", "chart"]) with input as release({})
}

test_charts_from_git if {
	count(chart_versions.deny) == 0 with input as release({"sourceRef": {"kind": "GitRepository", "name": "a"}})
	count(chart_versions.deny) == 0 with input as application(healed)
}
