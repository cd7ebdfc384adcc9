# METADATA
# title: A sealed secret opens only where it was meant to
# description: >-
#   With the cluster-wide scope anyone who can read the file can put it into a namespace of their own, and there it opens.
# related_resources:
#   - https://github.com/bitnami-labs/sealed-secrets#scopes
# custom:
#   id: SEC-014
#   severity: medium
#   reads: kubernetes
#   message: "SealedSecret {secret} opens in {where}"
#   fix: "seal it again with the strict scope, for its name and namespace"
#   controls:
#     nist-800-53: [AC-6]
package idp_assess.secrets.sealed_for_one_place

deny contains answer("sealedsecrets.bitnami.com/cluster-wide", "every namespace of the cluster") if {
	input.kind == "SealedSecret"
	input.metadata.annotations["sealedsecrets.bitnami.com/cluster-wide"] in {"true", true}
}

# Within one namespace, only its name is free.
warn contains answer("sealedsecrets.bitnami.com/namespace-wide", "its namespace under any name") if {
	input.kind == "SealedSecret"
	input.metadata.annotations["sealedsecrets.bitnami.com/namespace-wide"] in {"true", true}
}

answer(annotation, where) := {
	"id": "SEC-014",
	"path": ["metadata", "annotations", annotation],
	"params": {"secret": object.get(input, ["metadata", "name"], "without a name"), "where": where},
	"resource": "",
}
