# METADATA
# title: What strangers write is no part of a script
# description: >-
#   An expression is put into the script as text before the shell reads it. A title, a comment or a branch name with a
#   quote and a command in it runs that command, with the job's secrets.
# related_resources:
#   - https://docs.github.com/en/actions/concepts/security/script-injections
#   - https://docs.zizmor.sh/audits/#template-injection
# custom:
#   id: PIPE-009
#   severity: high
#   reads: github-workflow
#   message: "the script has {expression} put in, which anybody can write"
#   fix: "give the step a variable with that expression under `env`, and let the script read the variable, in quotes"
#   controls:
#     owasp-cicd: [CICD-SEC-4]
package idp_assess.pipelines.no_script_injection

import data.idp_assess.lib.workflow

deny contains answer if {
	some event in workflow.triggers(input)
	event in open_to_strangers
	some answer in injected
}

# On pull_request, a fork's run has no secrets to lose, and its author could change the workflow as well; a push is a member's.
warn contains answer if {
	every event in workflow.triggers(input) {
		not event in open_to_strangers
	}
	some answer in injected
}

# Events that somebody without rights here can cause, and that run with this repository's secrets.
open_to_strangers := {"issues", "issue_comment", "pull_request_target", "workflow_run", "discussion", "discussion_comment", "fork", "gollum"}

injected contains answer(["jobs", name, "steps", i, "run"], expression, step) if {
	some name, job in input.jobs
	some i, step in job.steps
	some expression in workflow.untrusted(step.run)
}

injected contains answer(["jobs", name, "steps", i, "with", "script"], expression, step) if {
	some name, job in input.jobs
	some i, step in job.steps
	is_string(step.uses)
	startswith(step.uses, "actions/github-script@")
	some expression in workflow.untrusted(step["with"].script)
}

answer(path, expression, step) := {
	"id": "PIPE-009",
	"path": path,
	"params": {"expression": expression},
	"resource": workflow.named(step),
}
