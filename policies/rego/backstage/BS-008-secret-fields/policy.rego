# METADATA
# title: A template takes secrets as secrets
# description: >-
#   What a form takes as a parameter is stored with the task, shown on its page and written into logs and files. Only the
#   Secret field keeps it out of all of them.
# related_resources:
#   - https://backstage.io/docs/features/software-templates/writing-templates
#   - https://backstage.io/docs/features/software-templates/ui-options-examples
# custom:
#   id: BS-008
#   severity: high
#   reads: backstage
#   message: "a secret is handled as plain text: {what}"
#   fix: "give the field `ui:field: Secret` and read it as a secret in the step that needs it; never hand it to a fetch:template"
package idp_assess.backstage.secret_fields

import data.idp_assess.lib.backstage
import data.idp_assess.lib.secrets

deny contains {"id": "BS-008", "path": one.path, "params": {"what": concat(" ", ["the form takes", one.name, "as a plain parameter"])}, "resource": ""} if {
	some one in backstage.fields
	secrets.names_one(one.name)
	backstage.free(one.field)
	not one.field["default"]
	not mentions(one.field)
}

deny contains answer if {
	some i, step in backstage.steps
	startswith(step.action, "fetch:")
	some key, value in step.input.values
	is_string(value)
	regex.match(`\{\{\s*secrets\.`, value)
	answer := {
		"id": "BS-008",
		"path": ["spec", "steps", i, "input", "values", key],
		"params": {"what": concat(" ", ["step", backstage.named(step), "writes a secret into the files that it makes"])},
		"resource": backstage.named(step),
	}
}

# A field that asks for the name of a secret, not for the secret.
mentions(field) if {
	some key in ["title", "description", "ui:help", "ui:description"]
	is_string(field[key])
	regex.match(`(?i)\b(name|names|arn|path|reference|ref|id|key (in|of))\b`, field[key])
}
