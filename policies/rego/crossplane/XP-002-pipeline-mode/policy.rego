# METADATA
# title: A composition is a pipeline of functions
# description: >-
#   Crossplane 2 knows no other mode: a composition with `resources` of its own is refused, and what it made is no
#   longer reconciled after the upgrade.
# related_resources:
#   - https://docs.crossplane.io/latest/guides/upgrade-to-crossplane-v2/
#   - https://docs.crossplane.io/latest/composition/compositions/
# custom:
#   id: XP-002
#   severity: medium
#   reads: kubernetes
#   message: "this composition does not run on Crossplane 2: {why}"
#   fix: "run `crossplane beta convert pipeline-composition`, and set `mode: Pipeline`"
#   controls:
#     nist-800-53: [SI-2]
package idp_assess.crossplane.pipeline_mode

import data.idp_assess.lib.text

deny contains {"id": "XP-002", "path": path, "params": {"why": why}} if {
	input.kind == "Composition"
	is_string(input.apiVersion)
	startswith(input.apiVersion, "apiextensions.crossplane.io/")
	[path, why] := old
}

old := [["spec", "resources"], "it lists resources itself"] if {
	is_array(input.spec.resources)
} else := [["spec", "mode"], "its mode is not Pipeline"] if {
	text.known(input.spec.mode)
	input.spec.mode != "Pipeline"
}
