package idp_assess.helm.dependency_versions_test

import data.idp_assess.helm.dependency_versions

chart(dependency) := {
	"apiVersion": "v2", "name": "shop", "version": "1.4.2",
	"dependencies": [object.union({"name": "redis", "repository": "https://charts.example.org"}, dependency)],
}

denied(key) := {{"id": "HELM-003", "path": ["dependencies", 0, key], "params": {"dependency": "redis"}, "resource": "redis"}}

test_versions if {
	every value in ["21.2.4", "~21.2.0", "^21.0.0", "21.x.x", ">=21.0.0 <22.0.0", "{{ version }}"] {
		count(dependency_versions.deny) == 0 with input as chart({"version": value})
	}
}

test_newest if {
	every value in ["*", ">=21.0.0", "x.x.x", "latest"] {
		dependency_versions.deny == denied("version") with input as chart({"version": value})
	}
	dependency_versions.deny == denied("name") with input as chart({})
}

test_local if {
	every repository in ["file://../redis", "", "../redis", null] {
		count(dependency_versions.deny) == 0 with input as chart({"repository": repository})
	}
}
