package idp_assess.pipelines.no_secrets_at_large_test

import data.idp_assess.pipelines.no_secrets_at_large

step(content) := {"jobs": {"deploy": {"steps": [content]}}}

paths := {one.path | some one in no_secrets_at_large.deny}

test_every_secret if {
	paths == {["jobs", "deploy", "steps", 0, "env", "ALL"]} with input as step({"env": {"ALL": "${{ toJSON(secrets) }}"}})
	paths == {["jobs", "deploy", "steps", 0, "with", "vars"]} with input as step({"with": {"vars": "${{ toJson( secrets ) }}"}})
	paths == {["jobs", "deploy", "steps", 0, "run"]} with input as step({"run": "echo '${{ toJSON(secrets) }}' > x"})
}

test_unsecure_commands if {
	paths == {["env", "ACTIONS_ALLOW_UNSECURE_COMMANDS"]} with input as {"env": {"ACTIONS_ALLOW_UNSECURE_COMMANDS": true}}
	paths == {["jobs", "a", "env", "ACTIONS_ALLOW_UNSECURE_COMMANDS"]} with input as {"jobs": {"a": {"env": {"ACTIONS_ALLOW_UNSECURE_COMMANDS": "true"}}}}
}

test_silent if {
	count(paths) == 0 with input as step({"env": {"A": "${{ toJSON(github.event) }}", "B": "${{ secrets.B }}"}})
	count(paths) == 0 with input as {"env": {"ACTIONS_ALLOW_UNSECURE_COMMANDS": false}}
	count(paths) == 0 with input as step({"env": 5, "with": "x", "run": ["x"]})
	count(paths) == 0 with input as step(5)
	count(paths) == 0 with input as 5
}
