package idp_assess.pipelines.no_script_injection_in_actions_test

import data.idp_assess.pipelines.no_script_injection_in_actions

running(step) := {"runs": {"using": "composite", "steps": [step]}}

test_branch_name if {
	no_script_injection_in_actions.deny == {{
		"id": "PIPE-018",
		"path": ["runs", "steps", 0, "run"],
		"params": {"expression": "github.head_ref"},
		"resource": "branch",
	}} with input as running({"id": "branch", "run": "echo ${{ github.head_ref || github.ref_name }}"})
}

test_silent if {
	every step in [
		{"run": "echo \"$REF\"", "env": {"REF": "${{ github.head_ref }}"}}, {"run": "echo ${{ inputs.version }}"},
		{"run": 5}, 5, null,
	] {
		count(no_script_injection_in_actions.deny) == 0 with input as running(step)
	}
}
