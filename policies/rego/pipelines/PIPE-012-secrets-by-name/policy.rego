# METADATA
# title: A workflow of another repository is given the secrets that it needs
# description: >-
#   With `secrets: inherit` it has all of them, also those of other environments; by a tag or a branch, whoever can move
#   that chooses what is done with them.
# related_resources:
#   - https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows
#   - https://docs.zizmor.sh/audits/#secrets-inherit
# custom:
#   id: PIPE-012
#   severity: medium
#   reads: github-workflow
#   message: "job {job} hands every secret to {called}, which can be moved"
#   fix: "name the secrets under `secrets`, and call {called} by a full commit"
#   controls:
#     owasp-cicd: [CICD-SEC-6]
package idp_assess.pipelines.secrets_by_name

import data.idp_assess.lib.workflow

# It may be a workflow of the same organization, which this file does not tell.
warn contains {"id": "PIPE-012", "path": ["jobs", name, "secrets"], "params": {"job": name, "called": workflow.action(job.uses)}} if {
	some name, job in input.jobs
	job.secrets == "inherit"
	workflow.remote(job.uses)
	not workflow.pinned(job.uses)
}
