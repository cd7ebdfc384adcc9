package idp_assess.secrets.no_workflow_credentials_test

import data.idp_assess.secrets.no_workflow_credentials

value := "k3Jx9wQz0aB1cD2eF3gH4"

paths := {one.path | some one in no_workflow_credentials.deny}

test_where_values_stand if {
	paths == {["env", "API_TOKEN"]} with input as {"env": {"API_TOKEN": value}}
	paths == {["jobs", "a", "env", "API_TOKEN"]} with input as {"jobs": {"a": {"env": {"API_TOKEN": value}}}}
	paths == {["jobs", "a", "container", "credentials", "password"]} with input as {"jobs": {"a": {"container": {"credentials": {"password": value}}}}}
	paths == {["jobs", "a", "steps", 0, "with", "password"]} with input as {"jobs": {"a": {"steps": [{"with": {"password": value}}]}}}
}

test_by_its_form if {
	paths == {["env", "KEY"]} with input as {"env": {"KEY": "AKIAIOSFODNN7ABCDEFG"}}
}

test_silent if {
	every text in ["${{ secrets.TOKEN }}", "", "postgres", "password123", "not-a-secret-1234567890", "/run/secrets/token-123456", 5, null, true] {
		count(paths) == 0 with input as {"env": {"API_TOKEN": text}}
	}
	count(paths) == 0 with input as {"env": {"TOKEN_URL": "https://example.org/abcdefgh12345678"}}
	count(paths) == 0 with input as {"env": {"IMAGE": value}}
	count(paths) == 0 with input as {"env": 5, "jobs": {"a": 5}}
}
