package idp_assess.pipelines.no_apply_after_failure_test

import data.idp_assess.pipelines.no_apply_after_failure

step(condition) := {"id": "apply", "if": condition, "run": "terraform apply tfplan"}

test_step if {
	every condition in ["always()", "${{ always() && github.ref == 'refs/heads/main' }}", "failure()"] {
		no_apply_after_failure.deny == {{
			"id": "PIPE-020",
			"path": ["jobs", "infra", "steps", 0, "if"],
			"params": {"what": "apply"},
			"resource": "apply",
		}} with input as {"jobs": {"infra": {"steps": [step(condition)]}}}
	}
}

test_job if {
	no_apply_after_failure.deny == {{
		"id": "PIPE-020",
		"path": ["jobs", "infra", "if"],
		"params": {"what": "infra"},
		"resource": "",
	}} with input as {"jobs": {"infra": {"if": "always()", "steps": [{"run": "terraform apply tfplan"}]}}}
}

test_silent if {
	every condition in [
		"success()", "github.ref == 'refs/heads/main'", "!failure() && !cancelled()", "always() && needs.plan.result == 'success'", 5, null,
		"always() && !contains(needs.*.result, 'failure')",
	] {
		count(no_apply_after_failure.deny) == 0 with input as {"jobs": {"infra": {"steps": [step(condition)]}}}
	}
	count(no_apply_after_failure.deny) == 0 with input as {"jobs": {"infra": {"steps": [{"if": "always()", "run": "terraform show"}]}}}
}
