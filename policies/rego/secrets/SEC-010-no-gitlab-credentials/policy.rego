# METADATA
# title: No credential is written into a GitLab pipeline
# description: >-
#   It is in the history for everyone who can read the project, is neither masked nor protected, and works until somebody
#   revokes it.
# related_resources:
#   - https://docs.gitlab.com/ci/variables/
#   - https://docs.gitlab.com/ci/secrets/id_token_authentication/
# custom:
#   id: SEC-010
#   severity: high
#   reads: gitlab-ci
#   message: "variable {name} is given a credential in clear text"
#   fix: "revoke it, and keep {name} as a masked, protected variable of the project, or fetch it with an ID token"
#   controls:
#     owasp-cicd: [CICD-SEC-6]
#     nist-800-53: [IA-5]
package idp_assess.secrets.no_gitlab_credentials

import data.idp_assess.lib.secrets

deny contains {"id": "SEC-010", "path": array.concat(path, inner), "params": {"name": name}} if {
	some [path, name, value] in variables
	some [inner, text] in {[[], value], [["value"], object_value(value)]}
	credential(name, text)
}

credential(name, value) if {
	secrets.names_one(name)
	secrets.given(value)
}

credential(_, value) if secrets.formed(value)

object_value(value) := value.value if {
	is_object(value)
	is_string(value.value)
} else := ""

variables contains [["variables", name], name, value] if {
	some name, value in input.variables
	is_string(name)
}

variables contains [[job, "variables", name], name, value] if {
	is_object(input)
	some job, content in input
	is_object(content)
	some name, value in content.variables
	is_string(name)
}
