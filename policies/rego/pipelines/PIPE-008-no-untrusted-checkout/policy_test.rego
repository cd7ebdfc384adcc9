package idp_assess.pipelines.no_untrusted_checkout_test

import data.idp_assess.pipelines.no_untrusted_checkout

commit := "actions/checkout@0123456789abcdef0123456789abcdef01234567"

sha := "${{ github.event.pull_request.head.sha }}"

workflow(job) := {"on": {"pull_request_target": {"types": ["opened"]}}, "jobs": {"build": job}}

checking(inputs) := workflow({"steps": [{"id": "code", "uses": commit, "with": inputs}]})

found(key) := {{
	"id": "PIPE-008",
	"path": ["jobs", "build", "steps", 0, "with", key],
	"params": {"job": "build", "event": "pull_request_target"},
	"resource": "code",
}}

silent(document) if count(no_untrusted_checkout.deny | no_untrusted_checkout.warn) == 0 with input as document

test_head if {
	no_untrusted_checkout.deny == found("ref") with input as checking({"ref": sha})
	no_untrusted_checkout.deny == found("ref") with input as checking({"ref": "refs/pull/${{ github.event.number }}/merge"})
	no_untrusted_checkout.deny == found("repository") with input as checking({"repository": "${{ github.event.pull_request.head.repo.full_name }}"})
}

test_workflow_run if {
	step := {"uses": commit, "with": {"ref": "${{ github.event.workflow_run.head_sha }}"}}
	count(no_untrusted_checkout.deny) == 1 with input as {"on": ["workflow_run"], "jobs": {"build": {"steps": [step]}}}
	silent({"on": {"workflow_run": {"branches": ["main"]}}, "jobs": {"build": {"steps": [step]}}})
}

test_commands if {
	every run in ["gh pr checkout 5", "git fetch origin pull/5/head && git checkout FETCH_HEAD"] {
		count(no_untrusted_checkout.deny) == 1 with input as workflow({"steps": [{"run": run}]})
	}
}

test_what_checkout_refuses_only_warns if {
	step := {"id": "code", "uses": "actions/checkout@v5", "with": {"ref": sha}}
	count(no_untrusted_checkout.deny) == 0 with input as workflow({"steps": [step]})
	no_untrusted_checkout.warn == found("ref") with input as workflow({"steps": [step]})
	allowed := object.union(step, {"with": {"ref": sha, "allow-unsafe-pr-checkout": true}})
	no_untrusted_checkout.deny == found("ref") with input as workflow({"steps": [allowed]})
}

test_silent if {
	silent(object.union(checking({"ref": sha}), {"on": {"pull_request_target": null, "pull_request": null}, "jobs": {"build": {"environment": "external"}}}))
	silent(checking({"ref": "${{ github.event.pull_request.base.sha }}"}))
	silent(checking({"ref": "${{ github.head_ref }}"}))
	silent(checking({}))
	silent(checking({"ref": 5}))
	silent(json.patch(checking({"ref": sha}), [{"op": "replace", "path": "/on", "value": ["pull_request"]}]))
	every condition in ["github.event.pull_request.head.repo.full_name == github.repository", "contains(github.event.pull_request.labels.*.name, 'safe')"] {
		silent(object.union(checking({"ref": sha}), {"jobs": {"build": {"if": condition}}}))
	}
}
