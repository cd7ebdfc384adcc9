# METADATA
# title: A GitLab job applies the plan that was shown
# description: >-
#   An apply without a saved plan works the change out again, against the state and the code of that moment, and nobody has
#   seen what it then does.
# related_resources:
#   - https://docs.gitlab.com/user/infrastructure/iac/
#   - https://developer.hashicorp.com/terraform/tutorials/automation/automate-terraform
# custom:
#   id: PIPE-032
#   severity: medium
#   reads: gitlab-ci
#   message: "job {job} applies what it works out on the spot, not a saved plan"
#   fix: "keep the plan as an artifact of the plan job (-out=tfplan) and apply that file: `terraform apply tfplan`"
#   remedy: delivery/terraform-pipeline
#   controls:
#     nist-800-53: [CM-3]
package idp_assess.pipelines.gitlab_saved_plan

import data.idp_assess.lib.gitlab
import data.idp_assess.lib.shell

# A plan was made, and not the one that is applied.
deny contains answer if {
	planned
	some answer in unseen
}

# The plan may have been shown in another pipeline.
warn contains answer if {
	not planned
	some answer in unseen
}

unseen contains {"id": "PIPE-032", "path": array.concat([name], path), "params": {"job": name}} if {
	some name, job in gitlab.jobs
	some [path, line] in gitlab.commands(job)
	shell.applies_unseen(line)
}

planned if {
	some job in gitlab.jobs
	some [_, line] in gitlab.commands(job)
	shell.plans(line)
}
