# METADATA
# title: Infrastructure is applied only from a protected environment
# description: >-
#   Whoever can push to the branch, or start the workflow, can change the infrastructure. An environment puts the
#   forge's protection rules (reviewers, branches, wait time) and its own secrets between the push and the apply.
# related_resources:
#   - https://docs.github.com/en/actions/managing-workflow-runs-and-deployments/managing-deployments/managing-environments-for-deployment
# custom:
#   id: PIPE-004
#   severity: high
#   reads: github-workflow
#   message: "job {job} applies infrastructure without an environment"
#   fix: "add `environment: production` to job {job} and protect that environment"
#   remedy: delivery/terraform-pipeline
#   controls:
#     nist-800-53: [CM-3]
#     soc2: [CC8.1]
package idp_assess.pipelines.apply_protected

import data.idp_assess.lib.workflow

deny contains {"id": "PIPE-004", "path": ["jobs", name], "params": {"job": name}} if {
	some name, job in input.jobs
	workflow.applies(job)
	not workflow.environment(job)
}
