# METADATA
# title: A file of environment variables with secrets is not committed
# description: >-
#   A .env file is where programs look for their secrets, so that is what ends up in it. Whoever reads the repository reads
#   them, and the next deployment uses them.
# related_resources:
#   - https://12factor.net/config
#   - https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html
# custom:
#   id: SEC-003
#   severity: high
#   reads: committed-file
#   message: "{name} gives a variable that is named as a secret its value"
#   fix: "keep names only, in .env.example; ignore {name}; hand the values over by a secret store, or encrypt the file with SOPS; rotate what it held"
#   controls:
#     nist-800-53: [IA-5]
#     owasp-cicd: [CICD-SEC-6]
package idp_assess.secrets.no_dotenv_values

import data.idp_assess.lib.committed

deny contains answer if {
	found
	regex.match(`(?i)^\.env(\.(prod|production|live|staging|stage|local))?$|^[^.].*\.env$`, input.name)
}

# For a laptop or for tests, by its name.
warn contains answer if {
	found
	regex.match(`(?i)^\.env\.(dev|development|test|testing|ci)$`, input.name)
}

answer := {"id": "SEC-003", "path": [], "params": {"name": input.name}}

found if {
	committed.plain(input, "dotenv")
	is_string(input.name)
}
