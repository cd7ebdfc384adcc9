package idp_assess.images.no_secret_values_test

import data.idp_assess.images.no_secret_values

with_instruction(name, value) := {"stages": [{"instructions": [{"name": "RUN", "value": "true"}, {"name": name, "value": value}]}]}

found(instruction, name) := {{
	"id": "IMG-003",
	"path": ["stages", 0, "instructions", 1],
	"params": {"instruction": instruction, "name": name},
	"resource": name,
}}

test_env if {
	every text in ["DB_PASSWORD=k3Jx9wQz", "A=b DB_PASSWORD='k3Jx 9wQz'", "DB_PASSWORD k3Jx9wQz"] {
		no_secret_values.deny == found("ENV", "DB_PASSWORD") with input as with_instruction("ENV", text)
	}
}

test_arg if {
	no_secret_values.deny == found("ARG", "NPM_TOKEN") with input as with_instruction("ARG", "NPM_TOKEN=npm_0123456789abcdef")
}

test_kept_by_env_warns if {
	no_secret_values.warn == found("ENV", "NPM_TOKEN") with input as with_instruction("ENV", "NPM_TOKEN=$NPM_TOKEN")
}

test_silent if {
	every text in [
		"PATH=/app/bin", "DB_PASSWORD=", "DB_PASSWORD", "DB_PASSWORD_FILE=/run/secrets/db", "TOKEN_URL=https://example.org", "DB_PASSWORD=changeme", 5, null,
		["DB_PASSWORD=x"],
	] {
		count(no_secret_values.deny | no_secret_values.warn) == 0 with input as with_instruction("ENV", text)
	}
	count(no_secret_values.deny) == 0 with input as with_instruction("RUN", "DB_PASSWORD=k3Jx9wQz ./migrate")
}
