package idp_assess.backstage.secret_fields_test

import data.idp_assess.backstage.secret_fields

form(name, field) := {"kind": "Template", "spec": {"parameters": [{"properties": {name: field}}]}}

fetching(values) := {"kind": "Template", "spec": {"steps": [{"id": "fetch", "action": "fetch:template", "input": {"values": values}}]}}

test_parameter if {
	every name in ["password", "dbPassword", "api_token"] {
		count(secret_fields.deny) == 1 with input as form(name, {"type": "string", "title": "Password"})
	}
	secret_fields.deny == {{
		"id": "BS-008",
		"path": ["spec", "parameters", 0, "properties", "password"],
		"params": {"what": "the form takes password as a plain parameter"},
		"resource": "",
	}} with input as form("password", {"type": "string"})
}

test_written_into_files if {
	secret_fields.deny == {{
		"id": "BS-008",
		"path": ["spec", "steps", 0, "input", "values", "token"],
		"params": {"what": "step fetch writes a secret into the files that it makes"},
		"resource": "fetch",
	}} with input as fetching({"token": "${{ secrets.token }}", "name": "${{ parameters.name }}"})
}

test_silent if {
	count(secret_fields.deny) == 0 with input as form("password", {"type": "string", "ui:field": "Secret"})
	count(secret_fields.deny) == 0 with input as form("secret", {"type": "string", "title": "Name of the secret"})
	count(secret_fields.deny) == 0 with input as form("needsToken", {"type": "boolean"})
	count(secret_fields.deny) == 0 with input as form("passwordLength", {"type": "string"})
	count(secret_fields.deny) == 0 with input as form("password", 5)
	count(secret_fields.deny) == 0 with input as fetching({"token": "${{ parameters.token }}"})
	count(secret_fields.deny) == 0 with input as fetching("x")
}
