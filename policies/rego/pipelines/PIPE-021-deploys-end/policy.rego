# METADATA
# title: A job that deploys ends
# description: >-
#   Without a limit a job that hangs ends after six hours. Until then it holds the state's lock or the environment, and
#   nobody is told that the deployment did not happen.
# related_resources:
#   - https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
# custom:
#   id: PIPE-021
#   severity: low
#   reads: github-workflow
#   message: "job {job} deploys and may hang for six hours"
#   fix: "give job {job} timeout-minutes: a few times what it mostly takes"
package idp_assess.pipelines.deploys_end

import data.idp_assess.lib.shell
import data.idp_assess.lib.workflow

warn contains {"id": "PIPE-021", "path": ["jobs", name], "params": {"job": name}} if {
	some name, job in input.jobs
	some line in workflow.commands(job)
	shell.deploys(line)
	not job["timeout-minutes"]
	not workflow.throwaway(job)
	some step in job.steps
	not step["timeout-minutes"]
	some own in shell.lines(step.run)
	shell.deploys(own)
}
