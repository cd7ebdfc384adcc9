package idp_assess.helm.api_version_test

import data.idp_assess.helm.api_version

chart := {"apiVersion": "v2", "name": "shop", "version": "1.4.2"}

test_current if count(api_version.deny) == 0 with input as chart

test_of_helm_2 if {
	api_version.deny == {{"id": "HELM-001", "path": ["apiVersion"], "params": {}}} with input as object.union(chart, {"apiVersion": "v1"})
	api_version.deny == {{"id": "HELM-001", "path": [], "params": {}}} with input as json.remove(chart, ["/apiVersion"])
}

test_templates_are_silent if {
	every value in ["{{ apiVersion }}", 5] {
		count(api_version.deny) == 0 with input as object.union(chart, {"apiVersion": value})
	}
	count(api_version.deny) == 0 with input as 5
}
