# METADATA
# title: A composite action puts nothing that strangers write into a script
# description: >-
#   The action runs in whatever workflow uses it, also in those that have secrets and that anybody can start.
# related_resources:
#   - https://docs.github.com/en/actions/concepts/security/script-injections
#   - https://docs.zizmor.sh/audits/#template-injection
# custom:
#   id: PIPE-018
#   severity: high
#   reads: github-action
#   message: "the script has {expression} put in, which anybody can write"
#   fix: "give the step a variable with that expression under `env`, and let the script read the variable, in quotes"
#   controls:
#     owasp-cicd: [CICD-SEC-4]
package idp_assess.pipelines.no_script_injection_in_actions

import data.idp_assess.lib.workflow

deny contains answer if {
	some i, step in input.runs.steps
	some expression in workflow.untrusted(step.run)
	answer := {
		"id": "PIPE-018",
		"path": ["runs", "steps", i, "run"],
		"params": {"expression": expression},
		"resource": workflow.named(step),
	}
}
