# METADATA
# title: No private key is committed
# description: >-
#   Everyone who ever cloned the repository has the key, and taking the file out leaves it in the history. Whatever trusts
#   the key trusts them.
# related_resources:
#   - https://docs.github.com/en/code-security/secret-scanning/introduction/about-secret-scanning
#   - https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html
# custom:
#   id: SEC-001
#   severity: high
#   reads: committed-file
#   message: "{name} holds a private key that is not encrypted"
#   fix: "replace the key where it is trusted, take the file out, and hand the new one over by a secret store or SOPS"
#   controls:
#     nist-800-53: [IA-5, SC-12]
#     owasp-cicd: [CICD-SEC-6]
package idp_assess.secrets.no_private_key

import data.idp_assess.lib.committed

deny contains {"id": "SEC-001", "path": [], "params": {"name": input.name}} if {
	committed.plain(input, "private-key")
}
