# METADATA
# title: An exception has an end
# description: >-
#   An exception without a date outlives its reason: years later nobody dares to remove it, and what it lets in
#   has grown.
# related_resources:
#   - https://kyverno.io/docs/writing-policies/exceptions/
#   - https://kyverno.io/docs/guides/ttl-cleanup/
# custom:
#   id: ADM-005
#   severity: low
#   reads: kubernetes
#   message: "exception {name} has no end"
#   fix: "label it `cleanup.kyverno.io/ttl` with a date, or set `expiresAt`"
#   controls:
#     nist-800-53: [CM-3]
package idp_assess.admission.exceptions_end

import data.idp_assess.lib.kyverno

warn contains {"id": "ADM-005", "path": ["metadata", "name"], "params": {"name": input.metadata.name}} if {
	kyverno.exception
	is_string(input.metadata.name)
	not ends
}

ends if {
	is_string(input.spec.expiresAt)
	input.spec.expiresAt != ""
}

ends if {
	some where in ["labels", "annotations"]
	some key, value in input.metadata[where]
	is_string(key)
	regex.match(`(?i)ttl|expir|until|review|valid`, key)
	is_string(value)
	regex.match(`\d`, value)
}
