# METADATA
# title: A gate that fails stops the Azure pipeline
# description: >-
#   A scan, a policy or a plan with continueOnError decides nothing: the change goes on, partially succeeded.
# related_resources:
#   - https://learn.microsoft.com/azure/devops/pipelines/process/tasks
# custom:
#   id: PIPE-042
#   severity: medium
#   reads: azure-pipelines
#   message: "the verdict of {step} is thrown away: {how}"
#   fix: "let the step fail; what is accepted belongs, with a reason and an end, into the tool's own list of exceptions"
#   controls:
#     owasp-cicd: [CICD-SEC-1]
package idp_assess.pipelines.azure_no_softened_gate

import data.idp_assess.lib.azure
import data.idp_assess.lib.shell

deny contains answer(one, ["continueOnError"], "continueOnError") if {
	some one in azure.steps
	one.step.continueOnError in {true, "true"}
	some line in azure.commands(one.step)
	shell.gates(line)
}

deny contains answer(one, path, "|| true") if {
	some one in azure.steps
	some [path, text] in azure.scripts(one.step)
	some line in shell.lines(text)
	shell.gates(line)
	shell.softened(line)
}

answer(one, path, how) := {
	"id": "PIPE-042",
	"path": array.concat(one.path, path),
	"params": {"step": told(one.step), "how": how},
	"resource": azure.named(one.step),
}

told(step) := azure.named(step) if {
	azure.named(step) != ""
} else := "a step"
