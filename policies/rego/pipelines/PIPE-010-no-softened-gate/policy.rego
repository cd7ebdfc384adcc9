# METADATA
# title: A gate that fails stops the job
# description: >-
#   A scan, a policy or a plan whose failure is ignored decides nothing: the change goes on as if it had passed, and the
#   green check says that somebody looked.
# related_resources:
#   - https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
#   - https://dsomm.owasp.org/
# custom:
#   id: PIPE-010
#   severity: medium
#   reads: github-workflow
#   message: "the verdict of this step is thrown away: {how}"
#   fix: "let the step fail; what is accepted belongs, with a reason and an end, into the tool's own list of exceptions"
#   controls:
#     owasp-cicd: [CICD-SEC-1]
#     nist-800-53: [SA-11]
package idp_assess.pipelines.no_softened_gate

import data.idp_assess.lib.shell
import data.idp_assess.lib.workflow

deny contains answer(["jobs", name, "steps", i, "continue-on-error"], "continue-on-error", step) if {
	some name, job in input.jobs
	some i, step in job.steps
	step["continue-on-error"] == true
	gates(step)
	not read_later(job, step)
}

deny contains answer(["jobs", name, "continue-on-error"], "continue-on-error", {}) if {
	some name, job in input.jobs
	job["continue-on-error"] == true
	some step in job.steps
	gates(step)
	not reports(job)
}

deny contains answer(["jobs", name, "steps", i, "run"], "|| true", step) if {
	some name, job in input.jobs
	some i, step in job.steps
	some line in shell.lines(step.run)
	shell.gates(line)
	shell.softened(line)
	not read_later(job, step)
}

deny contains answer(["jobs", name, "steps", i, "with", key], key, step) if {
	some name, job in input.jobs
	some i, step in job.steps
	is_string(step.uses)
	some key in ["soft_fail", "soft-fail"]
	regex.match(`^(bridgecrewio/checkov-action|aquasecurity/tfsec-action)@`, step.uses)
	step["with"][key] in {true, "true"}
	not reports(job)
}

answer(path, how, step) := {
	"id": "PIPE-010",
	"path": path,
	"params": {"how": how},
	"resource": workflow.named(step),
}

gates(step) if {
	some line in shell.lines(step.run)
	shell.gates(line)
}

gates(step) if {
	is_string(step.uses)
	regex.match(
		concat("", [
			`^(aquasecurity/(trivy|tfsec)(-pr-commenter)?-action|bridgecrewio/checkov-action|checkmarx/(kics-github-action|ast-github-action)|`,
			`snyk/actions(/[^@]*)?|anchore/scan-action|gitleaks/gitleaks-action|trufflesecurity/trufflehog|semgrep/semgrep-action|`,
			`returntocorp/semgrep-action|hadolint/hadolint-action|actions/dependency-review-action|open-policy-agent/[^@]*|instrumenta/conftest-action)@`,
		]),
		lower(step.uses),
	)
}

# A later step reads what became of this one, as a plan's does that is shown in a comment before the job fails.
read_later(job, step) if {
	is_string(step.id)
	some other in job.steps
	some text in texts(other)
	contains(text, concat("", ["steps.", step.id, "."]))
}

read_later(job, _) if reports(job)

# Findings go where they are followed up as alerts.
reports(job) if {
	some step in job.steps
	is_string(step.uses)
	regex.match(`upload-sarif|publish-test-results|test-reporter|action-junit-report|defectdojo`, lower(step.uses))
}

texts(step) := {text |
	some text in [step.run, step["if"]]
	is_string(text)
} | {text |
	some key in ["with", "env"]
	some text in step[key]
	is_string(text)
}
