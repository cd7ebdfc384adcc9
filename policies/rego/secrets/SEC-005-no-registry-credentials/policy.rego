# METADATA
# title: No sign-in to a registry is committed
# description: >-
#   With it anyone can pull what is private, and mostly push: a package or an image that every consumer of it then runs.
# related_resources:
#   - https://docs.docker.com/reference/cli/docker/login/
#   - https://docs.npmjs.com/cli/configuring-npm/npmrc
# custom:
#   id: SEC-005
#   severity: high
#   reads: committed-file
#   message: "{name} holds a sign-in to a registry"
#   fix: "take it out and revoke it; refer to a variable (`$NPM_TOKEN`) or use a credential helper"
#   controls:
#     nist-800-53: [IA-5]
#     owasp-cicd: [CICD-SEC-6]
package idp_assess.secrets.no_registry_credentials

import data.idp_assess.lib.committed

deny contains {"id": "SEC-005", "path": [], "params": {"name": input.name}} if {
	some mark, names in {
		"docker-credentials": `(?i)docker|secret`,
		"registry-credentials": `^\.(npmrc|pypirc|netrc)$`,
	}
	committed.plain(input, mark)
	is_string(input.name)
	regex.match(names, input.name)
	not regex.match(`(?i)example|sample|template|sealed`, input.name)
}
