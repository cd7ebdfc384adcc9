package idp_assess.backstage.protected_branch_test

import data.idp_assess.backstage.protected_branch

template(action, protect) := {"kind": "Template", "spec": {"steps": [{"id": "publish", "action": action, "input": {"protectDefaultBranch": protect}}]}}

test_unprotected if {
	protected_branch.deny == {{
		"id": "BS-007",
		"path": ["spec", "steps", 0, "input", "protectDefaultBranch"],
		"params": {"step": "publish"},
		"resource": "publish",
	}} with input as template("publish:github", false)
}

test_silent if {
	count(protected_branch.deny) == 0 with input as template("publish:github", true)
	count(protected_branch.deny) == 0 with input as template("publish:github", "${{ parameters.protect }}")
	count(protected_branch.deny) == 0 with input as template("publish:gitlab", false)
	count(protected_branch.deny) == 0 with input as template(5, false)
	count(protected_branch.deny) == 0 with input as {"kind": "Template", "spec": {"steps": [{"action": "publish:github", "input": "x"}]}}
}
