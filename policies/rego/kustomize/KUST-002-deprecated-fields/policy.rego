# METADATA
# title: A kustomization uses fields that stay
# description: >-
#   Kustomize has replaced these fields, warns about them, and drops them with the next version of the file's API.
# related_resources:
#   - https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
#   - https://github.com/kubernetes-sigs/kustomize/releases/tag/kustomize%2Fv5.0.0
# custom:
#   id: KUST-002
#   severity: low
#   reads: kustomization
#   message: "`{field}` is deprecated"
#   fix: "write `{instead}` instead; `kustomize edit fix` does it"
package idp_assess.kustomize.deprecated_fields

warn contains {"id": "KUST-002", "path": [field], "params": {"field": field, "instead": instead}, "resource": field} if {
	some field, instead in replaced
	_ = input[field]
}

replaced := {
	"bases": "resources", "patchesStrategicMerge": "patches", "patchesJson6902": "patches", "vars": "replacements",
	"commonLabels": "labels", "imageTags": "images", "helmChartInflationGenerator": "helmCharts",
}
