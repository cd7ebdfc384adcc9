# METADATA
# title: Two runs do not apply the same infrastructure at once
# description: >-
#   Two merges in a row start two applies. The second fails on the state's lock, or, without one, both write the state; and
#   the older change can come last.
# related_resources:
#   - https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
#   - https://developer.hashicorp.com/terraform/language/state/locking
# custom:
#   id: PIPE-013
#   severity: low
#   reads: github-workflow
#   message: "job {job} applies infrastructure, and a second run does not wait for it"
#   fix: "give job {job} a `concurrency` group by environment, without cancel-in-progress"
package idp_assess.pipelines.one_apply_at_a_time

import data.idp_assess.lib.workflow

warn contains {"id": "PIPE-013", "path": ["jobs", name], "params": {"job": name}} if {
	is_object(input.jobs)
	not input.concurrency
	some name, job in input.jobs
	workflow.applies(job)
	not job.concurrency
}
