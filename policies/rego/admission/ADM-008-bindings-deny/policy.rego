# METADATA
# title: A binding refuses what its policy is against
# description: >-
#   With Warn or Audit alone the object is let in: the one is a line that a pipeline's log swallows, the other an
#   entry of an audit log that few read.
# related_resources:
#   - https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#validation-actions
# custom:
#   id: ADM-008
#   severity: medium
#   reads: kubernetes
#   message: "binding {name} refuses nothing"
#   fix: "add Deny to `validationActions` (it does not go with Warn)"
#   controls:
#     nist-800-53: [CM-6]
package idp_assess.admission.bindings_deny

import data.idp_assess.lib.text

warn contains {"id": "ADM-008", "path": ["spec", "validationActions"], "params": {"name": input.metadata.name}} if {
	input.kind == "ValidatingAdmissionPolicyBinding"
	is_string(input.metadata.name)
	actions := input.spec.validationActions
	is_array(actions)
	not "Deny" in actions
	every action in actions {
		text.known(action)
	}
}
