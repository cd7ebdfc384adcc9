package idp_assess.helm.dependency_sources_test

import data.idp_assess.helm.dependency_sources

chart(repository) := {
	"apiVersion": "v2", "name": "shop", "version": "1.4.2",
	"dependencies": [{"name": "redis", "version": "21.2.4", "repository": repository}],
}

denied(how) := {{"id": "HELM-004", "path": ["dependencies", 0, "repository"], "params": {"dependency": "redis", "how": how}, "resource": "redis"}}

test_checked if {
	every repository in ["https://charts.example.org", "oci://registry.example.org/charts", "@internal", "file://../redis", "", 5, "http://chartmuseum.charts.svc:8080"] {
		count(dependency_sources.deny) == 0 with input as chart(repository)
	}
}

test_plain_http if dependency_sources.deny == denied("over plain http") with input as chart("http://charts.example.org")

test_closed if {
	every repository in ["https://charts.helm.sh/stable", "https://kubernetes-charts.storage.googleapis.com/"] {
		dependency_sources.deny == denied("from a repository that is closed") with input as chart(repository)
	}
}
