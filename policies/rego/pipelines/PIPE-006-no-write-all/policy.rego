# METADATA
# title: The job's token may do what the job does, not everything
# description: >-
#   With write-all any step, and any action that a step uses, can push code, publish packages, approve deployments and
#   rewrite releases.
# related_resources:
#   - https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
#   - https://docs.zizmor.sh/audits/#excessive-permissions
# custom:
#   id: PIPE-006
#   severity: high
#   reads: github-workflow
#   message: "{holder} has every permission that there is: write-all"
#   fix: "grant the workflow `contents: read`, and each job what its steps need beyond that"
#   controls:
#     owasp-cicd: [CICD-SEC-5]
#     nist-800-53: [AC-6]
package idp_assess.pipelines.no_write_all

deny contains {"id": "PIPE-006", "path": ["permissions"], "params": {"holder": "the workflow"}} if {
	input.permissions == "write-all"
}

deny contains {"id": "PIPE-006", "path": ["jobs", name, "permissions"], "params": {"holder": name}} if {
	some name, job in input.jobs
	job.permissions == "write-all"
}
