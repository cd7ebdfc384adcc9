package idp_assess.pipelines.no_apply_cut_short_test

import data.idp_assess.pipelines.no_apply_cut_short

job(command, more) := object.union({"steps": [{"run": command}]}, more)

cancel(value) := {"concurrency": {"group": "infra", "cancel-in-progress": value}}

test_workflow if {
	no_apply_cut_short.deny == {{
		"id": "PIPE-014",
		"path": ["concurrency", "cancel-in-progress"],
		"params": {"job": "apply"},
	}} with input as object.union({"jobs": {"apply": job("tofu apply tfplan", {})}}, cancel(true))
}

test_job if {
	no_apply_cut_short.deny == {{
		"id": "PIPE-014",
		"path": ["jobs", "apply", "concurrency", "cancel-in-progress"],
		"params": {"job": "apply"},
	}} with input as {"jobs": {"apply": job("tofu apply tfplan", cancel(true)), "plan": job("tofu plan", cancel(true))}}
}

test_silent if {
	every value in [false, null, "${{ github.event_name == 'pull_request' }}"] {
		count(no_apply_cut_short.deny) == 0 with input as {"jobs": {"apply": job("tofu apply tfplan", cancel(value))}}
	}
	count(no_apply_cut_short.deny) == 0 with input as object.union({"jobs": {"plan": job("tofu plan", {})}}, cancel(true))
	count(no_apply_cut_short.deny) == 0 with input as {"concurrency": "infra", "jobs": {"apply": job("tofu apply tfplan", {"concurrency": "infra"})}}
}
