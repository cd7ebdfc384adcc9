# METADATA
# title: No kubeconfig with credentials is committed
# description: >-
#   Its client key or token signs in to the cluster as whoever wrote it, mostly as an administrator, and a client
#   certificate cannot be revoked.
# related_resources:
#   - https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
#   - https://kubernetes.io/docs/concepts/security/hardening-guide/authentication-mechanisms/
# custom:
#   id: SEC-004
#   severity: critical
#   reads: committed-file
#   message: "{name} signs in to a cluster: it holds a client key, a token or a password"
#   fix: "take it out and revoke what it holds; let people and pipelines sign in by OIDC (an exec plugin), or encrypt the file with SOPS"
#   controls:
#     nist-800-53: [IA-5, AC-6]
package idp_assess.secrets.no_kubeconfig

import data.idp_assess.lib.committed

deny contains {"id": "SEC-004", "path": [], "params": {"name": input.name}} if {
	committed.plain(input, "kubeconfig-credentials")
	is_string(input.name)
	regex.match(`(?i)kubeconfig`, input.name)
	not regex.match(`(?i)\.(sh|tpl|tmpl|tftpl|j2|erb|tf|md|go|py|rb|js|ts)$|example|sample|template|sealed|external`, input.name)
}
