# METADATA
# title: When a check cannot run, nothing passes it
# description: >-
#   With `Ignore` every object is let in while the check is down, slow or wrong: whoever can make it slow has
#   switched it off, and nobody is told.
# related_resources:
#   - https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#failure-policy
#   - https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#failure-policy
# custom:
#   id: ADM-003
#   severity: medium
#   reads: kubernetes
#   message: "{what} lets everything in when it cannot run"
#   fix: "set `failurePolicy: Fail`, with two replicas and system namespaces left out by a selector"
#   controls:
#     nist-800-53: [CM-7, SI-17]
package idp_assess.admission.fails_closed

import data.idp_assess.lib.kyverno
import data.idp_assess.lib.text

deny contains {"id": "ADM-003", "path": ["spec", "failurePolicy"], "params": {"what": concat(" ", [input.kind, input.metadata.name])}} if {
	checks
	is_string(input.metadata.name)
	ignores(input.spec.failurePolicy)
}

checks if kyverno.classic

checks if kyverno.cel

checks if input.kind == "ValidatingAdmissionPolicy"

# Fail is the other word that there is.
ignores(policy) if {
	text.known(policy)
	policy != "Fail"
}
