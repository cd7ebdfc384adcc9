package idp_assess.pipelines.no_branch_actions_test

import data.idp_assess.pipelines.no_branch_actions

using(text) := {"jobs": {"build": {"steps": [{"id": "tool", "uses": text}]}}}

test_branch if {
	no_branch_actions.deny == {{
		"id": "PIPE-002",
		"path": ["jobs", "build", "steps", 0, "uses"],
		"params": {"action": "example/tool", "version": "main"},
		"resource": "tool",
	}} with input as using("example/tool@main")
}

test_first_party_too if {
	count(no_branch_actions.deny) == 1 with input as using("actions/checkout@master")
}

test_called_workflow_only_warns if {
	call := {"jobs": {"call": {"uses": "example/shared/.github/workflows/build.yml@main"}}}
	count(no_branch_actions.deny) == 0 with input as call
	no_branch_actions.warn == {{
		"id": "PIPE-002",
		"path": ["jobs", "call", "uses"],
		"params": {"action": "example/shared/.github/workflows/build.yml", "version": "main"},
		"resource": "",
	}} with input as call
}

test_silent if {
	every text in [
		"example/tool@v1", "example/tool@0123456789abcdef0123456789abcdef01234567", "./main", "example/tool@maintained",
		"docker://tool:latest", 5, null,
	] {
		count(no_branch_actions.deny | no_branch_actions.warn) == 0 with input as using(text)
	}
}
