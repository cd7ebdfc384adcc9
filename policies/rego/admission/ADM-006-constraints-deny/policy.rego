# METADATA
# title: A constraint refuses what it is against
# description: >-
#   With `dryrun` or `warn` Gatekeeper counts what it would refuse and lets it in: the rule is known to nobody who
#   breaks it.
# related_resources:
#   - https://open-policy-agent.github.io/gatekeeper/website/docs/violations/
#   - https://open-policy-agent.github.io/gatekeeper/website/docs/enforcement-points/
# custom:
#   id: ADM-006
#   severity: medium
#   reads: kubernetes
#   message: "constraint {name} only {action}s"
#   fix: "set `enforcementAction: deny`, with what has to stay in `match.excludedNamespaces` for a time"
#   controls:
#     nist-800-53: [CM-6, CM-7]
package idp_assess.admission.constraints_deny

import data.idp_assess.lib.text

warn contains {"id": "ADM-006", "path": ["spec", "enforcementAction"], "params": {"name": input.metadata.name, "action": action}} if {
	is_string(input.apiVersion)
	startswith(input.apiVersion, "constraints.gatekeeper.sh/")
	is_string(input.metadata.name)
	action := input.spec.enforcementAction
	text.known(action)
	not action in {"deny", "scoped"}
}
