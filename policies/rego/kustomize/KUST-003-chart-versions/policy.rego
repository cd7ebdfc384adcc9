# METADATA
# title: A chart is built in at the version that was tried
# description: >-
#   Without a version the newest chart is pulled at build time: two builds of one commit give different manifests.
# related_resources:
#   - https://kubectl.docs.kubernetes.io/references/kustomize/builtins/#_helmchartinflationgenerator_
# custom:
#   id: KUST-003
#   severity: medium
#   reads: kustomization
#   message: "chart {chart} is built in at whatever version is newest"
#   fix: "add `version` to chart {chart}"
#   controls:
#     nist-800-53: [CM-2, SR-3]
package idp_assess.kustomize.chart_versions

import data.idp_assess.lib.versions

deny contains {"id": "KUST-003", "path": path, "params": {"chart": chart.name}, "resource": chart.name} if {
	some i, chart in input.helmCharts
	is_string(chart.name)
	is_string(chart.repo)
	path := newest(["helmCharts", i], chart)
}

newest(at, chart) := array.concat(at, ["name"]) if not chart.version

newest(at, chart) := array.concat(at, ["version"]) if versions.unbounded(chart.version)
