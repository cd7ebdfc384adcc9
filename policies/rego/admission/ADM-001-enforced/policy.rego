# METADATA
# title: A policy refuses what it is against
# description: >-
#   A policy in audit mode writes reports: what it forbids is deployed all the same. That is a stage on the way,
#   which many policies never leave.
# related_resources:
#   - https://kyverno.io/docs/policy-types/cluster-policy/validate/
#   - https://kyverno.io/docs/policy-types/validating-policy/
# custom:
#   id: ADM-001
#   severity: medium
#   reads: kubernetes
#   message: "policy {name} reports and refuses nothing"
#   fix: "read its reports, except what has to stay, and set the action to {action}"
#   controls:
#     nist-800-53: [CM-6, CM-7]
#     soc2: [CC8.1]
package idp_assess.admission.enforced

import data.idp_assess.lib.kyverno
import data.idp_assess.lib.text

warn contains {"id": "ADM-001", "path": nearest, "params": {"name": input.metadata.name, "action": "Enforce"}} if {
	is_string(input.metadata.name)
	count(kyverno.actions) > 0
	every _, action in kyverno.actions {
		action == "audit"
	}
	not input.spec.validationFailureActionOverrides
	not overridden
}

warn contains {"id": "ADM-001", "path": ["spec", "validationActions"], "params": {"name": input.metadata.name, "action": "Deny"}} if {
	kyverno.cel
	is_string(input.metadata.name)
	actions := input.spec.validationActions
	is_array(actions)
	count(actions) > 0
	not "Deny" in actions
	every action in actions {
		text.known(action)
	}
}

overridden if {
	some rule in input.spec.rules
	rule.validate.failureActionOverrides
}

nearest := ["spec", "validationFailureAction"] if {
	_ = input.spec.validationFailureAction
} else := ["spec", "rules", i, "validate", "failureAction"] if {
	i := min({j | some j, rule in input.spec.rules; rule.validate.failureAction})
} else := ["spec"]
