# METADATA
# title: A chart is one for the Helm that is in use
# description: >-
#   `apiVersion: v1` is Helm 2, which ended in 2020: dependencies stand in a file of their own that newer tools do
#   not read, and `type` is unknown.
# related_resources:
#   - https://helm.sh/docs/topics/charts/#the-apiversion-field
#   - https://helm.sh/docs/topics/v2_v3_migration/
# custom:
#   id: HELM-001
#   severity: low
#   reads: helm-chart
#   message: "this chart is written for Helm 2"
#   fix: "set `apiVersion: v2`, and move requirements.yaml into `dependencies`"
package idp_assess.helm.api_version

deny contains {"id": "HELM-001", "path": ["apiVersion"], "params": {}} if {
	input.apiVersion == "v1"
	is_string(input.name)
}

deny contains {"id": "HELM-001", "path": [], "params": {}} if {
	is_string(input.name)
	input.version
	not input.apiVersion
}
