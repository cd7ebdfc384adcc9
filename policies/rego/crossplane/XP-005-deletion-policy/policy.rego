# METADATA
# title: What happens on deletion is said where it is obeyed
# description: >-
#   Namespaced managed resources of Crossplane 2 have no `deletionPolicy`: the field is dropped, and a database
#   that was to be kept is deleted with its object.
# related_resources:
#   - https://docs.crossplane.io/latest/guides/upgrade-to-crossplane-v2/
#   - https://docs.crossplane.io/latest/managed-resources/managed-resources/
# custom:
#   id: XP-005
#   severity: high
#   reads: kubernetes
#   message: "{kind} sets `deletionPolicy`, which is not obeyed there"
#   fix: "remove it, and leave `Delete` out of `managementPolicies` for what must stay"
#   controls:
#     nist-800-53: [CP-9]
package idp_assess.crossplane.deletion_policy

import data.idp_assess.lib.crossplane

deny contains {"id": "XP-005", "path": array.concat(found.path, ["deletionPolicy"]), "params": {"kind": found.kind}, "resource": concat(".", [part | some part in found.path; is_string(part)])} if {
	some found in crossplane.of_namespaces
	found.spec.deletionPolicy
}
