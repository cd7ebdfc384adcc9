package idp_assess.crossplane.namespaced_apis_test

import data.idp_assess.crossplane.namespaced_apis

xrd := {
	"apiVersion": "apiextensions.crossplane.io/v2", "kind": "CompositeResourceDefinition", "metadata": {"name": "databases.example.org"},
	"spec": {"scope": "Namespaced", "group": "example.org"},
}

with_value(path, value) := json.patch(xrd, [{"op": "add", "path": path, "value": value}])

test_of_version_2 if {
	count(namespaced_apis.warn) == 0 with input as xrd
	count(namespaced_apis.warn) == 0 with input as with_value("/spec/scope", "Cluster")
	count(namespaced_apis.warn) == 0 with input as json.remove(xrd, ["/spec/scope"])
}

test_of_version_1 if {
	every change in [["/spec/claimNames", {"kind": "Database"}], ["/spec/scope", "LegacyCluster"], ["/apiVersion", "apiextensions.crossplane.io/v1"]] {
		count(namespaced_apis.warn) == 1 with input as with_value(change[0], change[1])
	}
}

test_other_kinds_are_silent if {
	count(namespaced_apis.warn) == 0 with input as with_value("/kind", "Composition")
	count(namespaced_apis.warn) == 0 with input as with_value("/apiVersion", 5)
}
