package idp_assess.pipelines.updates_run_no_code_test

import data.idp_assess.pipelines.updates_run_no_code

actions := {"package-ecosystem": "github-actions", "directory": "/"}

test_code_runs if {
	some one in updates_run_no_code.deny with input as {"updates": [actions, {"package-ecosystem": "bundler", "insecure-external-code-execution": "allow"}]}
	one.path == ["updates", 1, "insecure-external-code-execution"]
	one.resource == "bundler"
}

test_actions_not_updated_warns if {
	some one in updates_run_no_code.warn with input as {"updates": [{"package-ecosystem": "npm"}]}
	one.path == ["updates"]
}

test_silent if {
	every updates in [[actions], [actions, {"insecure-external-code-execution": "deny"}], null, 5, {"a": "b"}] {
		count(updates_run_no_code.deny | updates_run_no_code.warn) == 0 with input as {"updates": updates}
	}
}
