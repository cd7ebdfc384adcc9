# METADATA
# title: A Kubernetes Secret in Git is encrypted, or only a reference
# description: >-
#   base64 hides nothing. Who reads the repository has the value; who may change the file may change what the workload
#   trusts.
# related_resources:
#   - https://kubernetes.io/docs/concepts/security/secrets-good-practices/
#   - https://fluxcd.io/flux/guides/mozilla-sops/
# custom:
#   id: SEC-006
#   severity: high
#   reads: kubernetes
#   message: "Secret {secret} has {key} in clear text"
#   fix: "encrypt it with SOPS or as a SealedSecret, or let External Secrets fetch it from a store; then rotate the value"
#   controls:
#     nist-800-53: [IA-5, SC-28]
package idp_assess.secrets.no_plain_kubernetes_secret

import data.idp_assess.lib.secrets

deny contains answer(holder, key) if {
	input.kind == "Secret"
	input.apiVersion == "v1"
	some holder in ["data", "stringData"]
	some key, value in input[holder]
	is_string(key)
	text := secrets.decoded(holder, value)
	confidential(key, text)
	secrets.literal(text)
}

answer(holder, key) := {
	"id": "SEC-006",
	"path": [holder, key],
	"params": {"secret": object.get(input, ["metadata", "name"], "without a name"), "key": key},
	"resource": "",
}

confidential(key, text) if {
	secrets.names_one(key)
	not contains(text, "\n")
}

confidential(_, text) if secrets.formed(text)
