package idp_assess.secrets.no_azure_credentials_test

import data.idp_assess.secrets.no_azure_credentials

value := "k3Jx9wQz0aB1cD2eF3gH4"

paths := {one.path | some one in no_azure_credentials.deny}

test_where_values_stand if {
	paths == {["variables", "apiToken"]} with input as {"variables": {"apiToken": value}}
	paths == {["variables", 0, "value"]} with input as {"variables": [{"name": "apiToken", "value": value}]}
	paths == {["jobs", 0, "variables", "apiToken"]} with input as {"jobs": [{"job": "a", "variables": {"apiToken": value}}]}
	paths == {["steps", 0, "env", "API_TOKEN"]} with input as {"steps": [{"script": "x", "env": {"API_TOKEN": value}}]}
}

test_silent if {
	every text in ["$(apiToken)", "${{ parameters.token }}", "", "postgres", 5, null] {
		count(paths) == 0 with input as {"variables": {"apiToken": text}}
		count(paths) == 0 with input as {"variables": [{"name": "apiToken", "value": text}]}
	}
	count(paths) == 0 with input as {"variables": [{"group": "secrets"}], "stages": 5, "jobs": "x"}
	count(paths) == 0 with input as 5
}
