# METADATA
# title: No credential is the default of a variable
# description: >-
#   A default is used wherever nobody gives a value: in production too. It is in every clone of the repository and
#   in the plan.
# related_resources:
#   - https://developer.hashicorp.com/terraform/language/block/variable#default
#   - https://developer.hashicorp.com/terraform/language/manage-sensitive-data
# custom:
#   id: TF-008
#   severity: high
#   reads: terraform
#   message: "variable {variable} has a credential as its default"
#   fix: "remove the default of {variable}, let the pipeline or a secret store give it, and replace the value that was committed"
#   controls:
#     nist-800-53: [IA-5]
#     soc2: [CC6.1]
package idp_assess.terraform.variable_defaults

import data.idp_assess.lib.terraform
import data.idp_assess.lib.text

deny contains {"id": "TF-008", "path": array.concat(variable.path, ["default"]), "params": {"variable": variable.name}, "resource": variable.name} if {
	some variable in terraform.variables
	text.credential_name(variable.name)
	text.known(variable.body.default)
	count(variable.body.default) >= 4
	not text.placeholder(variable.body.default)
	not regex.match(`^(arn:|projects/|/|\./|~|https?://|vault:|ssm:|op://)|^[a-z]+([-_./][a-z0-9]+)+$`, variable.body.default)
}
