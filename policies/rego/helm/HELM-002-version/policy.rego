# METADATA
# title: The version of a chart is one that tools understand
# description: >-
#   Helm and GitOps controllers order charts by semantic versions: what is none cannot be packaged, or is never
#   seen as an update. Unquoted `1.10` is the number 1.1.
# related_resources:
#   - https://helm.sh/docs/topics/charts/#charts-and-versioning
#   - https://semver.org/
# custom:
#   id: HELM-002
#   severity: low
#   reads: helm-chart
#   message: "the chart's version {version} is no semantic version"
#   fix: "write MAJOR.MINOR.PATCH, such as `1.4.2`"
package idp_assess.helm.version

import data.idp_assess.lib.text

deny contains {"id": "HELM-002", "path": ["version"], "params": {"version": input.version}} if {
	is_string(input.name)
	is_number(input.version)
}

deny contains {"id": "HELM-002", "path": ["version"], "params": {"version": input.version}} if {
	is_string(input.name)
	text.known(input.version)
	not regex.match(`^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$`, input.version)
	not regex.match(`[A-Z]{4,}|^<`, input.version)
}
