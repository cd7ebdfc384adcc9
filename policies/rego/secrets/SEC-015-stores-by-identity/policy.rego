# METADATA
# title: A store of secrets is opened by the workload's identity
# description: >-
#   A static key that opens the store is the one secret that no store keeps: it lies in the cluster, works from anywhere,
#   and opens all the others.
# related_resources:
#   - https://external-secrets.io/latest/provider/aws-access/
#   - https://external-secrets.io/latest/provider/hashicorp-vault/
# custom:
#   id: SEC-015
#   severity: medium
#   reads: kubernetes
#   message: "{kind} {store} signs in with a static key"
#   fix: "sign in as a service account: {instead}"
#   controls:
#     nist-800-53: [IA-5]
package idp_assess.secrets.stores_by_identity

# Where the cluster has no identity that the provider knows, a key is all there is.
warn contains answer if {
	input.kind in {"SecretStore", "ClusterSecretStore"}
	is_string(input.apiVersion)
	startswith(input.apiVersion, "external-secrets.io/")
	some [path, instead] in ways
	object.get(input, path, null) != null
	answer := {
		"id": "SEC-015",
		"path": path,
		"params": {"kind": input.kind, "store": object.get(input, ["metadata", "name"], "without a name"), "instead": instead},
		"resource": "",
	}
}

ways := [
	[["spec", "provider", "aws", "auth", "secretRef"], "auth.jwt.serviceAccountRef (IRSA) or EKS Pod Identity"],
	[["spec", "provider", "gcpsm", "auth", "secretRef"], "auth.workloadIdentity"],
	[["spec", "provider", "azurekv", "authSecretRef"], "authType: WorkloadIdentity"],
	[["spec", "provider", "vault", "auth", "tokenSecretRef"], "auth.kubernetes or auth.jwt"],
]
