package idp_assess.pipelines.no_own_runner_for_strangers_test

import data.idp_assess.pipelines.no_own_runner_for_strangers

running(events, runner) := {"on": events, "jobs": {"test": {"runs-on": runner, "steps": []}}}

test_own_machine if {
	every runner in ["self-hosted", ["self-hosted", "linux"], {"labels": ["self-hosted"]}] {
		no_own_runner_for_strangers.warn == {{
			"id": "PIPE-011",
			"path": ["jobs", "test", "runs-on"],
			"params": {"job": "test"},
		}} with input as running({"pull_request": null}, runner)
	}
}

test_silent if {
	count(no_own_runner_for_strangers.warn) == 0 with input as running(["push"], "self-hosted")
	count(no_own_runner_for_strangers.warn) == 0 with input as running(["pull_request"], "ubuntu-24.04")
	count(no_own_runner_for_strangers.warn) == 0 with input as running(["pull_request"], "${{ inputs.runner }}")
	guarded := {"jobs": {"test": {"if": "github.event.pull_request.head.repo.full_name == github.repository"}}}
	count(no_own_runner_for_strangers.warn) == 0 with input as object.union(running(["pull_request"], "self-hosted"), guarded)
	count(no_own_runner_for_strangers.warn) == 0 with input as running(5, {"labels": 5})
}
