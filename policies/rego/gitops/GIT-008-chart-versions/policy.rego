# METADATA
# title: A chart is deployed at the version that was tried
# description: >-
#   With no version, or one that any release meets, the next major release of the chart is in production minutes
#   after its publisher tags it.
# related_resources:
#   - https://argo-cd.readthedocs.io/en/stable/user-guide/tracking_strategies/#helm
#   - https://fluxcd.io/flux/components/helm/helmreleases/#chart-template
# custom:
#   id: GIT-008
#   severity: medium
#   reads: kubernetes
#   message: "chart {chart} is deployed in whatever version is newest"
#   fix: "name the version of chart {chart}, and let Renovate or Dependabot raise it"
#   controls:
#     nist-800-53: [CM-2, SR-3]
package idp_assess.gitops.chart_versions

import data.idp_assess.lib.gitops
import data.idp_assess.lib.versions

deny contains {"id": "GIT-008", "path": path, "params": {"chart": chart}, "resource": chart} if {
	some source in gitops.sources
	chart := source.body.chart
	is_string(chart)
	path := newest(source, "targetRevision")
}

deny contains {"id": "GIT-008", "path": path, "params": {"chart": chart}, "resource": chart} if {
	input.kind == "HelmRelease"
	gitops.flux("helm")
	body := input.spec.chart.spec
	chart := body.chart
	is_string(chart)

	# From Git the chart is what the revision has, whatever the version says.
	body.sourceRef.kind == "HelmRepository"
	path := newest({"path": ["spec", "chart", "spec"], "body": body}, "version")
}

newest(source, key) := array.concat(source.path, ["chart"]) if not source.body[key]

newest(source, key) := array.concat(source.path, [key]) if versions.unbounded(source.body[key])
