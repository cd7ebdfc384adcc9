# METADATA
# title: Terraform's state is not committed
# description: >-
#   State holds every attribute of every resource in clear text, generated passwords and keys too. In Git it is also out of
#   date for everyone but the last who pushed, and nothing locks it.
# related_resources:
#   - https://developer.hashicorp.com/terraform/language/state/sensitive-data
#   - https://developer.hashicorp.com/terraform/language/state/remote
# custom:
#   id: SEC-002
#   severity: high
#   reads: committed-file
#   message: "{name} is Terraform's state, in clear text"
#   fix: "move it to a remote backend with encryption and locking (`terraform init -migrate-state`), ignore *.tfstate*, rotate what it held"
#   controls:
#     nist-800-53: [SC-28]
package idp_assess.secrets.no_terraform_state

import data.idp_assess.lib.committed

deny contains {"id": "SEC-002", "path": [], "params": {"name": input.name}} if {
	committed.plain(input, "terraform-state")
}
