package idp_assess.pipelines.no_softened_gate_test

import data.idp_assess.pipelines.no_softened_gate

job(steps) := {"jobs": {"scan": {"steps": steps}}}

found(path, how, resource) := {{"id": "PIPE-010", "path": array.concat(["jobs", "scan"], path), "params": {"how": how}, "resource": resource}}

silent(document) if count(no_softened_gate.deny) == 0 with input as document

test_step if {
	every step in [{"run": "checkov -d ."}, {"uses": "aquasecurity/trivy-action@v1"}, {"run": "terraform plan"}] {
		no_softened_gate.deny == found(["steps", 0, "continue-on-error"], "continue-on-error", "gate") with input as job([object.union(step, {"id": "gate", "continue-on-error": true})])
	}
}

test_job if {
	no_softened_gate.deny == found(["continue-on-error"], "continue-on-error", "") with input as {"jobs": {"scan": {"continue-on-error": true, "steps": [{"run": "trivy fs ."}]}}}
}

test_shell if {
	every run in ["trivy config . || true", "set -e\nconftest test x.yaml ||:", "checkov -d . || echo failed", "tflint || exit 0"] {
		no_softened_gate.deny == found(["steps", 0, "run"], "|| true", "") with input as job([{"run": run}])
	}
}

test_setting_of_the_tool if {
	no_softened_gate.deny == found(["steps", 0, "with", "soft_fail"], "soft_fail", "bridgecrewio/checkov-action") with input as job([{"uses": "bridgecrewio/checkov-action@v12", "with": {"soft_fail": true}}])
}

test_silent if {
	silent(job([{"run": "checkov -d ."}, {"run": "rm x || true"}, {"run": "docker ps", "continue-on-error": true}]))
	silent(job([{"id": "plan", "run": "terraform plan", "continue-on-error": true}, {"if": "steps.plan.outcome == 'failure'", "run": "exit 1"}]))
	silent(job([{"uses": "aquasecurity/trivy-action@v1", "continue-on-error": true}, {"uses": "github/codeql-action/upload-sarif@v3"}]))
	silent(job([{"run": "checkov -d .", "continue-on-error": "${{ matrix.soft }}"}]))
	silent(job([{"run": 5, "continue-on-error": true}, 5, null, {"uses": 5, "with": {"soft_fail": true}}]))
	silent({"jobs": {"scan": {"continue-on-error": true, "steps": "trivy fs ."}}})
}
