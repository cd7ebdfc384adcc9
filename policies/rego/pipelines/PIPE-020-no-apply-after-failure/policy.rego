# METADATA
# title: Nothing is applied after a step that failed
# description: >-
#   `always()` and `failure()` let the step run whatever came of the plan, the scan and the tests before it: the gate is
#   passed by failing it.
# related_resources:
#   - https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
# custom:
#   id: PIPE-020
#   severity: high
#   reads: github-workflow
#   message: "{what} applies infrastructure also after a failure"
#   fix: "take always() or failure() out of its `if`"
#   controls:
#     owasp-cicd: [CICD-SEC-1]
package idp_assess.pipelines.no_apply_after_failure

import data.idp_assess.lib.shell
import data.idp_assess.lib.workflow

deny contains {"id": "PIPE-020", "path": ["jobs", name, "steps", i, "if"], "params": {"what": named(step, name)}, "resource": workflow.named(step)} if {
	some name, job in input.jobs
	some i, step in job.steps
	regardless(step["if"])
	some line in shell.lines(step.run)
	shell.applies(line)
}

deny contains {"id": "PIPE-020", "path": ["jobs", name, "if"], "params": {"what": name}, "resource": ""} if {
	some name, job in input.jobs
	regardless(job["if"])
	workflow.applies(job)
}

named(step, _) := workflow.named(step) if {
	workflow.named(step) != ""
} else := "a step"

# A condition that asks for the outcome itself is one that was thought about.
regardless(text) if {
	is_string(text)
	regex.match(`\b(always|failure)\(\)`, text)
	not regex.match(`!\s*(always|failure)\(\)|\.(result|outcome|conclusion)\b|result,`, text)
}
