# METADATA
# title: A chart's dependencies come from a repository that is there and checked
# description: >-
#   Over plain http anybody on the way can change the chart; the old central repositories were closed in 2020 and
#   get no fixes any more.
# related_resources:
#   - https://helm.sh/docs/topics/charts/#chart-dependencies
#   - https://helm.sh/blog/charts-repo-deprecation/
# custom:
#   id: HELM-004
#   severity: medium
#   reads: helm-chart
#   message: "dependency {dependency} comes {how}"
#   fix: "take {dependency} from its publisher's repository, over https or oci"
#   controls:
#     nist-800-53: [SC-8, SR-3]
package idp_assess.helm.dependency_sources

deny contains {"id": "HELM-004", "path": ["dependencies", i, "repository"], "params": {"dependency": dependency.name, "how": how}, "resource": dependency.name} if {
	some i, dependency in input.dependencies
	is_string(dependency.name)
	is_string(dependency.repository)
	how := wrong(dependency.repository)
}

wrong(repository) := "from a repository that is closed" if {
	regex.match(`^https?://(charts\.helm\.sh/(stable|incubator)|kubernetes-charts(-incubator)?\.storage\.googleapis\.com|storage\.googleapis\.com/kubernetes-charts)`, repository)
} else := "over plain http" if {
	startswith(repository, "http://")
	not regex.match(`^http://(localhost|127\.|[^/]*\.(local|svc|internal)([:/]|$)|[^./]+([:/]|$))`, repository)
}
