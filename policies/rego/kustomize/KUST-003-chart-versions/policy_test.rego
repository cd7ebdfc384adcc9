package idp_assess.kustomize.chart_versions_test

import data.idp_assess.kustomize.chart_versions

with_chart(body) := {"helmCharts": [object.union({"name": "redis", "repo": "https://charts.example.org"}, body)]}

denied(key) := {{"id": "KUST-003", "path": ["helmCharts", 0, key], "params": {"chart": "redis"}, "resource": "redis"}}

test_versions if {
	every version in ["21.2.4", "~21.2.0", "${VERSION}"] {
		count(chart_versions.deny) == 0 with input as with_chart({"version": version})
	}
}

test_newest if {
	chart_versions.deny == denied("name") with input as with_chart({})
	chart_versions.deny == denied("version") with input as with_chart({"version": "*"})
}

test_local_charts_are_silent if count(chart_versions.deny) == 0 with input as with_chart({"repo": null})
