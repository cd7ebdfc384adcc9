package idp_assess.secrets.no_gitlab_credentials_test

import data.idp_assess.secrets.no_gitlab_credentials

value := "k3Jx9wQz0aB1cD2eF3gH4"

paths := {one.path | some one in no_gitlab_credentials.deny}

test_where_values_stand if {
	paths == {["variables", "API_TOKEN"]} with input as {"variables": {"API_TOKEN": value}}
	paths == {["variables", "API_TOKEN", "value"]} with input as {"variables": {"API_TOKEN": {"value": value}}}
	paths == {["build", "variables", "API_TOKEN"]} with input as {"build": {"variables": {"API_TOKEN": value}}}
	paths == {["variables", "KEY"]} with input as {"variables": {"KEY": "glpat-abcdefghij0123456789"}}
}

test_silent if {
	every text in ["$API_TOKEN", "", "postgres", 5, null, {"description": "x"}, ["x"]] {
		count(paths) == 0 with input as {"variables": {"API_TOKEN": text}}
	}
	count(paths) == 0 with input as {"variables": 5, "build": 5}
	count(paths) == 0 with input as 5
}
