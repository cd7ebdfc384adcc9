# METADATA
# title: A template publishes only where it was meant to
# description: >-
#   The portal publishes with its own token of each forge that it is set up for. A picker without allowedHosts, or a host
#   that somebody types, lets the form decide which of them is used.
# related_resources:
#   - https://backstage.io/docs/features/software-templates/writing-templates
#   - https://backstage.io/docs/features/software-templates/ui-options-examples
# custom:
#   id: BS-004
#   severity: medium
#   reads: backstage
#   message: "{what} lets the form choose any host"
#   fix: "use a RepoUrlPicker with ui:options.allowedHosts, or write the host into the step's repoUrl"
package idp_assess.backstage.allowed_hosts

import data.idp_assess.lib.backstage

deny contains {"id": "BS-004", "path": one.path, "params": {"what": one.name}, "resource": ""} if {
	some one in backstage.fields
	one.field["ui:field"] == "RepoUrlPicker"
	count(hosts(one.field)) == 0
}

deny contains {"id": "BS-004", "path": one.path, "params": {"what": one.name}, "resource": ""} if {
	some step in backstage.steps
	startswith(step.action, "publish:")
	some name in backstage.leading(step.input.repoUrl)
	some one in backstage.fields
	one.name == name
	backstage.free(one.field)
}

hosts(field) := {host |
	some host in field["ui:options"].allowedHosts
	is_string(host)
}
