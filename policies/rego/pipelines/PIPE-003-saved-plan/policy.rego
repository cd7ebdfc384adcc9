# METADATA
# title: What is applied is the plan that was shown
# description: >-
#   An apply without a saved plan works the change out again, against the state and the code of that moment, and nobody has
#   seen what it then does. Terraform recommends -out and an apply of that file where a pipeline does it.
# related_resources:
#   - https://developer.hashicorp.com/terraform/cli/commands/apply
#   - https://developer.hashicorp.com/terraform/tutorials/automation/automate-terraform
# custom:
#   id: PIPE-003
#   severity: medium
#   reads: github-workflow
#   message: "job {job} applies what it works out on the spot, not a saved plan"
#   fix: "run the plan with -out=tfplan, show it, and apply that file: `terraform apply tfplan`"
#   remedy: delivery/terraform-pipeline
#   controls:
#     nist-800-53: [CM-3]
#     soc2: [CC8.1]
package idp_assess.pipelines.saved_plan

import data.idp_assess.lib.shell
import data.idp_assess.lib.workflow

# A plan was made, and not the one that is applied.
deny contains answer if {
	planned
	some answer in unseen
}

# The plan may have been shown in another workflow.
warn contains answer if {
	not planned
	some answer in unseen
}

unseen contains {"id": "PIPE-003", "path": ["jobs", name, "steps", i, "run"], "params": {"job": name}, "resource": workflow.named(step)} if {
	some name, job in input.jobs
	some i, step in job.steps
	some line in shell.lines(step.run)
	shell.applies_unseen(line)
}

planned if {
	some job in input.jobs
	some line in workflow.commands(job)
	shell.plans(line)
}
