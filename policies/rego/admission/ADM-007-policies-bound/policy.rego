# METADATA
# title: An admission policy is bound
# description: >-
#   A ValidatingAdmissionPolicy does nothing until a binding says where it applies: it is in Git, it is in the
#   cluster, and it refuses nothing.
# related_resources:
#   - https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
# custom:
#   id: ADM-007
#   severity: medium
#   reads: kubernetes-directory
#   message: "admission policy {name} has no binding beside it"
#   fix: "add a ValidatingAdmissionPolicyBinding with `policyName: {name}` and `validationActions: [Deny]`"
#   controls:
#     nist-800-53: [CM-6]
package idp_assess.admission.policies_bound

import data.idp_assess.lib.text

warn contains {"id": "ADM-007", "path": ["objects", i, "metadata", "name"], "params": {"name": name}, "resource": name} if {
	some i, policy in input.objects
	policy.kind == "ValidatingAdmissionPolicy"
	name := policy.metadata.name
	text.known(name)
	not bound(name)
}

bound(name) if {
	some binding in input.objects
	binding.kind == "ValidatingAdmissionPolicyBinding"
	binding.spec.policyName == name
}
