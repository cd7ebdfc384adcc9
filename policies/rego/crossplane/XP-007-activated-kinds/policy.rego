# METADATA
# title: Only the kinds that are used are switched on
# description: >-
#   A provider brings hundreds of kinds: with all of them active the API server carries their definitions, and
#   every one is a way to make something in the cloud account.
# related_resources:
#   - https://docs.crossplane.io/latest/managed-resources/managed-resource-activation-policies/
# custom:
#   id: XP-007
#   severity: low
#   reads: kubernetes
#   message: "all kinds of all providers are switched on"
#   fix: "list the kinds that compositions use, or whole groups such as `*.s3.aws.m.upbound.io`"
#   controls:
#     nist-800-53: [CM-7]
package idp_assess.crossplane.activated_kinds

warn contains {"id": "XP-007", "path": ["spec", "activate", i], "params": {}} if {
	input.kind == "ManagedResourceActivationPolicy"
	some i, pattern in input.spec.activate
	pattern in {"*", "*.*", "**"}
}
