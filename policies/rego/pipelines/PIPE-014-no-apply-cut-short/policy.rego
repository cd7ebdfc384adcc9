# METADATA
# title: An apply is not cancelled half-way
# description: >-
#   cancel-in-progress kills the running job when the next push comes. An apply that is killed leaves a locked state and
#   resources that the state does not know.
# related_resources:
#   - https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
#   - https://developer.hashicorp.com/terraform/tutorials/automation/automate-terraform
# custom:
#   id: PIPE-014
#   severity: medium
#   reads: github-workflow
#   message: "the next push cancels {job} while it applies infrastructure"
#   fix: "set cancel-in-progress to false where infrastructure is applied: the next run then waits"
package idp_assess.pipelines.no_apply_cut_short

import data.idp_assess.lib.workflow

deny contains {"id": "PIPE-014", "path": ["concurrency", "cancel-in-progress"], "params": {"job": name}} if {
	input.concurrency["cancel-in-progress"] == true
	some name, job in input.jobs
	workflow.applies(job)
}

deny contains {"id": "PIPE-014", "path": ["jobs", name, "concurrency", "cancel-in-progress"], "params": {"job": name}} if {
	some name, job in input.jobs
	job.concurrency["cancel-in-progress"] == true
	workflow.applies(job)
}
