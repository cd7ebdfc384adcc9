# METADATA
# title: No privileged workflow checks out what a stranger wrote
# description: >-
#   pull_request_target and workflow_run run with the secrets and the write token of this repository. A build of the pull
#   request's code in them, its scripts, its tests, its lock file, runs that stranger's code with both.
# related_resources:
#   - https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/
#   - https://github.blog/changelog/2026-06-18-safer-pull_request_target-defaults-for-github-actions-checkout
# custom:
#   id: PIPE-008
#   severity: critical
#   reads: github-workflow
#   message: "job {job} checks out the head of a pull request in a workflow that runs on {event}"
#   fix: "build pull requests on `pull_request`, and hand only data (an artifact) to a workflow with secrets"
#   controls:
#     owasp-cicd: [CICD-SEC-4]
package idp_assess.pipelines.no_untrusted_checkout

import data.idp_assess.lib.shell
import data.idp_assess.lib.workflow

deny contains answer(found) if {
	some found in checkouts
	not refused(found.step)
}

# actions/checkout refuses a fork's head by itself from v7 on, and in what the older major tags point to since 2026-07-16.
warn contains answer(found) if {
	some found in checkouts
	refused(found.step)
}

answer(found) := {
	"id": "PIPE-008",
	"path": found.path,
	"params": {"job": found.job, "event": found.event},
	"resource": workflow.named(found.step),
}

checkouts contains {"job": name, "event": event, "step": step, "path": ["jobs", name, "steps", i, "with", key]} if {
	some event in privileged
	some name, job in input.jobs
	not guarded(job)
	some i, step in job.steps
	is_string(step.uses)
	startswith(step.uses, "actions/checkout@")
	not guarded(step)
	key := names_head(step["with"])
}

checkouts contains {"job": name, "event": event, "step": step, "path": ["jobs", name, "steps", i, "run"]} if {
	some event in privileged
	some name, job in input.jobs
	not guarded(job)
	some i, step in job.steps
	not guarded(step)
	some line in shell.lines(step.run)
	regex.match(`(^|[\s;&|(])(gh\s+pr\s+checkout\s|git\s+(fetch|pull)\s[^|;&]*(pull/|\$\{\{\s*github\.(head_ref|event\.pull_request\.head)))`, line)
}

privileged contains "pull_request_target" if "pull_request_target" in workflow.triggers(input)

# What ran before was started by a push to named branches, where the trigger says so.
privileged contains "workflow_run" if {
	"workflow_run" in workflow.triggers(input)
	not input.on.workflow_run.branches
}

# A commit, a branch or a repository that the pull request's author has.
head(text) if {
	is_string(text)
	regex.match(`\$\{\{[^}]*github\.(head_ref|event\.(pull_request\.head\.|workflow_run\.(head_|pull_requests)))`, text)
}

head(text) if {
	is_string(text)
	regex.match(`refs/pull/.*(head|merge)`, text)
}

# Which input of a checkout names the head. A branch by its name is one of this repository, unless a fork's is named beside it.
names_head(inputs) := "ref" if {
	head(inputs.ref)
	not named_here(inputs)
} else := "repository" if {
	head(inputs.repository)
}

named_here(inputs) if {
	regex.match(`github\.(head_ref|event\.pull_request\.head\.ref|event\.workflow_run\.head_branch)`, inputs.ref)
	not head(object.get(inputs, "repository", ""))
}

# Somebody, or a condition, decides whose pull request it is before anything runs.
guarded(holder) if {
	is_string(holder["if"])
	regex.match(`(?i)head\.repo|head_repository|\.fork\b|author_association|label|github\.(actor|repository_owner|triggering_actor)|user\.login|event\s*==\s*'push'|event_name\s*!=\s*'pull_request_target'|merged`, holder["if"])
}

guarded(holder) if workflow.environment(holder)

refused(step) if {
	is_string(step.uses)
	regex.match(`@v[0-9]+$`, step.uses)
	not step["with"]["allow-unsafe-pr-checkout"]
}
