# METADATA
# title: A policy says its action where Kyverno looks for it
# description: >-
#   The action for the whole policy is deprecated in favour of one for each rule: when the field goes, the rules
#   fall back to Audit, and what was forbidden is let in.
# related_resources:
#   - https://kyverno.io/docs/policy-types/cluster-policy/policy-settings/
#   - https://kyverno.io/docs/policy-types/cluster-policy/validate/
# custom:
#   id: ADM-002
#   severity: low
#   reads: kubernetes
#   message: "`{field}` of policy {name} is deprecated"
#   fix: "set `{instead}` in each rule"
package idp_assess.admission.current_fields

import data.idp_assess.lib.kyverno

deny contains {"id": "ADM-002", "path": ["spec", field], "params": {"field": field, "instead": instead, "name": input.metadata.name}, "resource": field} if {
	kyverno.classic
	is_string(input.metadata.name)
	some field, instead in replaced
	_ = input.spec[field]
}

replaced := {
	"validationFailureAction": "validate.failureAction",
	"validationFailureActionOverrides": "validate.failureActionOverrides",
	"generateExistingOnPolicyUpdate": "generate.generateExisting",
	"mutateExistingOnPolicyUpdate": "mutate.mutateExistingOnPolicyUpdate",
}
