# METADATA
# title: A store for the whole cluster says which namespaces may use it
# description: >-
#   Whoever can create an ExternalSecret in any namespace can read everything that the store's own identity can.
# related_resources:
#   - https://external-secrets.io/latest/api/clustersecretstore/
#   - https://external-secrets.io/latest/guides/multi-tenancy/
# custom:
#   id: SEC-013
#   severity: low
#   reads: kubernetes
#   message: "ClusterSecretStore {store} may be used from every namespace"
#   fix: "add spec.conditions with the namespaces that need it, or give each team a SecretStore with an identity of its own"
#   controls:
#     nist-800-53: [AC-6]
package idp_assess.secrets.stores_for_namespaces

# A cluster of one team has nobody to keep out: that is not seen here.
warn contains answer if {
	input.kind == "ClusterSecretStore"
	is_string(input.apiVersion)
	startswith(input.apiVersion, "external-secrets.io/")
	is_object(input.spec)
	not limited
	not harmless
	answer := {
		"id": "SEC-013",
		"path": ["spec"],
		"params": {"store": object.get(input, ["metadata", "name"], "without a name")},
		"resource": "",
	}
}

limited if {
	is_array(input.spec.conditions)
	count(input.spec.conditions) > 0
}

# What is no store of secrets.
harmless if input.spec.provider.fake
