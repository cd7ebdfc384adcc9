# METADATA
# title: A workflow that deploys says what its token may do
# description: >-
#   Without `permissions` the token has what the organization's default grants, and in older organizations that is write
#   access to all of the repository.
# related_resources:
#   - https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
#   - https://docs.zizmor.sh/audits/#excessive-permissions
# custom:
#   id: PIPE-007
#   severity: low
#   reads: github-workflow
#   message: "job {job} deploys or is let into an environment, and nothing says what its token may do"
#   fix: "grant the workflow `contents: read`, and each job what its steps need beyond that"
#   controls:
#     owasp-cicd: [CICD-SEC-5]
#     nist-800-53: [AC-6]
package idp_assess.pipelines.permissions_named

import data.idp_assess.lib.workflow

# The organization's default may be read access: that is not seen here.
warn contains {"id": "PIPE-007", "path": ["jobs", name], "params": {"job": name}} if {
	is_object(input.jobs)
	not stated(input)
	some name, job in input.jobs
	workflow.deploys(job)
	not stated(job)
}

stated(holder) if holder.permissions

stated(holder) if is_object(holder.permissions)
