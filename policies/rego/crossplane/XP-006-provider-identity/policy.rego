# METADATA
# title: A provider signs in by its identity, not by a key
# description: >-
#   A key in a Secret is long-lived and opens a cloud account to everybody who can read Secrets there. IRSA, pod
#   identity and workload identity need none.
# related_resources:
#   - https://docs.upbound.io/manuals/packages/providers/authentication/
#   - https://docs.crossplane.io/latest/packages/providers/
# custom:
#   id: XP-006
#   severity: high
#   reads: kubernetes
#   message: "the provider signs in with a stored key (source {source})"
#   fix: "set `credentials.source` to the workload identity of the cloud, and revoke the key"
#   controls:
#     nist-800-53: [IA-5]
#     soc2: [CC6.1]
package idp_assess.crossplane.provider_identity

import data.idp_assess.lib.text

deny contains {"id": "XP-006", "path": ["spec", "credentials", "source"], "params": {"source": source}} if {
	input.kind in {"ProviderConfig", "ClusterProviderConfig"}
	is_string(input.apiVersion)
	regex.match(`^([a-z]+\.)*(aws|azure|gcp|azuread)(\.m)?\.(upbound|crossplane)\.io/`, input.apiVersion)
	source := input.spec.credentials.source
	text.known(source)
	not source in identities

	# An emulator's key is worth nothing.
	not input.spec.endpoint
}

identities := {
	"InjectedIdentity", "IRSA", "WebIdentity", "PodIdentity", "Upbound", "OIDCTokenFile", "SystemAssignedManagedIdentity",
	"UserAssignedManagedIdentity", "ImpersonateServiceAccount", "None",
}
