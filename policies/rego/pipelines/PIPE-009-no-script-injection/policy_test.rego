package idp_assess.pipelines.no_script_injection_test

import data.idp_assess.pipelines.no_script_injection

running(event, step) := {"on": {event: null}, "jobs": {"greet": {"steps": [{"run": "true"}, step]}}}

found(path, expression) := {{
	"id": "PIPE-009",
	"path": array.concat(["jobs", "greet", "steps", 1], path),
	"params": {"expression": expression},
	"resource": "",
}}

test_title_in_a_script if {
	no_script_injection.deny == found(["run"], "github.event.issue.title") with input as running("issues", {"run": "echo '${{ github.event.issue.title }}'"})
}

test_other_expressions if {
	every expression in [
		"github.event.comment.body", "github.event.pull_request.head.ref", "github.head_ref",
		"github.event.workflow_run.head_branch", "github.event.commits[0].message", "github.event.discussion.title",
	] {
		text := concat("", ["x=\"${{ format('{0}', ", expression, ") }}\""])
		count(no_script_injection.deny) == 1 with input as running("issue_comment", {"run": text})
	}
}

test_javascript if {
	step := {"uses": "actions/github-script@v8", "with": {"script": "x = `${{ github.event.comment.body }}`"}}
	no_script_injection.deny == {{
		"id": "PIPE-009",
		"path": ["jobs", "greet", "steps", 1, "with", "script"],
		"params": {"expression": "github.event.comment.body"},
		"resource": "actions/github-script",
	}} with input as running("issue_comment", step)
}

test_without_secrets_only_warns if {
	every event in ["pull_request", "push", "workflow_call"] {
		step := {"run": "echo ${{ github.head_ref }}"}
		count(no_script_injection.deny) == 0 with input as running(event, step)
		no_script_injection.warn == found(["run"], "github.head_ref") with input as running(event, step)
	}
}

test_silent if {
	every step in [
		{"run": "echo \"$TITLE\"", "env": {"TITLE": "${{ github.event.issue.title }}"}},
		{"run": "echo ${{ github.event.issue.number }} ${{ github.event.pull_request.head.sha }} ${{ github.ref_name }}"},
		{"uses": "example/greet@v1", "with": {"script": "${{ github.event.issue.title }}"}},
		{"run": ["${{ github.event.issue.title }}"]}, {"run": 5}, 5, null, "${{ github.event.issue.title }}",
	] {
		count(no_script_injection.deny | no_script_injection.warn) == 0 with input as running("issues", step)
	}
}
