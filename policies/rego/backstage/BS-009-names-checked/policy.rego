# METADATA
# title: A name that becomes a repository's is checked in the form
# description: >-
#   What is typed ends up in addresses, file names and manifests. Without a pattern the run fails half-way, with a
#   repository made and nothing registered, or a name breaks out of the place that it is put in.
# related_resources:
#   - https://backstage.io/docs/features/software-templates/input-examples
# custom:
#   id: BS-009
#   severity: low
#   reads: backstage
#   message: "{name} becomes part of a repository's address, and any text is taken"
#   fix: "give {name} a pattern (`^[a-z0-9-]+$`) and a maxLength, or `ui:field: EntityNamePicker`"
package idp_assess.backstage.names_checked

import data.idp_assess.lib.backstage

warn contains {"id": "BS-009", "path": one.path, "params": {"name": one.name}, "resource": ""} if {
	some step in backstage.steps
	startswith(step.action, "publish:")
	is_string(step.input.repoUrl)
	some [_, name] in regex.find_all_string_submatch_n(`[?&]repo=\$?\{\{\s*parameters\.(\w+)\s*\}\}`, step.input.repoUrl, 1)
	some one in backstage.fields
	one.name == name
	backstage.free(one.field)
}
