# METADATA
# title: No argument holds a credential in clear text
# description: >-
#   What is written here is in the history of the repository, in every clone, in the plan and in the state; it can
#   only be made safe by being replaced.
# related_resources:
#   - https://developer.hashicorp.com/terraform/language/manage-sensitive-data
#   - https://developer.hashicorp.com/terraform/language/manage-sensitive-data/ephemeral
# custom:
#   id: TF-007
#   severity: high
#   reads: terraform
#   message: "{address} has a literal value for {argument}"
#   fix: "take {argument} from a secret store (a data source or an ephemeral resource), and replace the value that was committed"
#   controls:
#     nist-800-53: [IA-5]
#     soc2: [CC6.1]
package idp_assess.terraform.literal_secrets

import data.idp_assess.lib.terraform
import data.idp_assess.lib.text

deny contains {"id": "TF-007", "path": array.concat(holder.path, path), "params": {"address": holder.address, "argument": argument}, "resource": holder.address} if {
	some holder in holders
	walk(holder.body, [path, value])
	text.known(value)
	argument := path[count(path) - 1]
	text.credential_name(argument)
	count(value) >= 6
	not text.placeholder(value)
	not reference(value)
}

holders := terraform.resources | {holder |
	some module in terraform.modules
	holder := {"path": module.path, "address": concat(".", ["module", module.name]), "body": module.body}
}

# Where a secret is kept, or what it is called, and not the secret itself.
reference(value) if {
	regex.match(`^(arn:|projects/|/|\./|~|https?://|vault:|ssm:|secretsmanager:|file:|env:|ref\+|op://|data\.|var\.|local\.|module\.|@Microsoft\.KeyVault)|[\s,]|^[a-z]+([-_./][a-z0-9]+)+$`, value)
	not regex.match(`-----BEGIN [A-Z ]*PRIVATE KEY`, value)
}

reference(value) if regex.match(`(?i)^(true|false|enabled|disabled|optional|required|base64|plain|bearer|seconds|minutes|hours|days)$`, value)
