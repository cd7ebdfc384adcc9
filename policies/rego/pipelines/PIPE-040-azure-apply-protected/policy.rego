# METADATA
# title: An Azure pipeline applies only in a deployment to an environment
# description: >-
#   Approvals and checks stand on environments. A plain job has none of them: whoever can push to a branch that starts the
#   pipeline changes the infrastructure.
# related_resources:
#   - https://learn.microsoft.com/azure/devops/pipelines/process/environments
#   - https://learn.microsoft.com/azure/devops/pipelines/process/approvals
# custom:
#   id: PIPE-040
#   severity: high
#   reads: azure-pipelines
#   message: "{step} applies infrastructure in a job that is no deployment to an environment"
#   fix: "make the job a `deployment` with `environment: production`, and give that environment an approval or a branch check"
#   remedy: delivery/terraform-pipeline
#   controls:
#     nist-800-53: [CM-3]
#     soc2: [CC8.1]
package idp_assess.pipelines.azure_apply_protected

import data.idp_assess.lib.azure

deny contains {"id": "PIPE-040", "path": one.path, "params": {"step": told(one.step)}, "resource": azure.named(one.step)} if {
	some one in azure.steps
	azure.applies(one.step)
	not deployed(one.path)
	not conditional(one)
	not input.parameters # a template: the job may stand in the file that uses it
}

deployed(path) if {
	some other in azure.jobs
	is_string(other.job.deployment)
	array.slice(path, 0, count(other.path)) == other.path
	other.job.environment
}

# A condition by branch keeps others out as well.
conditional(one) if branch(one.step.condition)

conditional(one) if {
	some other in azure.jobs
	array.slice(one.path, 0, count(other.path)) == other.path
	branch(other.job.condition)
}

conditional(_) if {
	some stage in input.stages
	branch(stage.condition)
}

branch(condition) if {
	is_string(condition)
	regex.match(`Build\.SourceBranch|Build\.Reason`, condition)
}

told(step) := azure.named(step) if {
	azure.named(step) != ""
} else := "a step"
