# METADATA
# title: What a template fetches is written in the template
# description: >-
#   A source that the form gives makes the portal fetch any address with its own credentials, also inside the network, and
#   put what it finds into a repository of the organization.
# related_resources:
#   - https://backstage.io/docs/features/software-templates/builtin-actions
#   - https://backstage.io/docs/overview/threat-model
# custom:
#   id: BS-005
#   severity: medium
#   reads: backstage
#   message: "step {step} fetches from wherever the form says"
#   fix: "write the address into the step, or let the form choose from an enum of them"
package idp_assess.backstage.fixed_source

import data.idp_assess.lib.backstage

deny contains {"id": "BS-005", "path": ["spec", "steps", i, "input", "url"], "params": {"step": backstage.named(step)}, "resource": backstage.named(step)} if {
	some i, step in backstage.steps
	startswith(step.action, "fetch:")
	some name in backstage.leading(step.input.url)
	some one in backstage.fields
	one.name == name
	backstage.free(one.field)
}
