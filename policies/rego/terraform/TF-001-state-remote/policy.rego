# METADATA
# title: State is kept where every run finds it
# description: >-
#   State on one machine is lost with it, holds secrets in clear text, and lets the next run, from a pipeline or a
#   colleague, create everything a second time.
# related_resources:
#   - https://developer.hashicorp.com/terraform/language/backend
#   - https://developer.hashicorp.com/terraform/language/backend/local
# custom:
#   id: TF-001
#   severity: medium
#   reads: terraform
#   message: "the state of this root is in a local file ({why})"
#   fix: "configure a remote backend with locking, or `cloud`, and run `terraform init -migrate-state`"
#   controls:
#     nist-800-53: [CM-2, CP-9]
package idp_assess.terraform.state_remote

import data.idp_assess.lib.terraform
import data.idp_assess.lib.text

deny contains {"id": "TF-001", "path": backend.path, "params": {"why": "backend local"}} if {
	some backend in terraform.backends
	backend.type == "local"
}

# Whoever generates the backend (Terragrunt, a wrapper) leaves no trace here: this only warns.
warn contains {"id": "TF-001", "path": provider.path, "params": {"why": "no backend"}} if {
	count(terraform.resources) > 0
	some provider in terraform.providers
	cloud_settings(provider)
	count(terraform.backends) == 0
	count(terraform.clouds) == 0
	first(provider)
}

# A provider that says for whom or where it works, in words of its own: no module that is called by others.
cloud_settings(provider) if {
	not provider.body.alias
	some key in ["region", "project", "subscription_id", "profile", "zone", "location"]
	text.known(provider.body[key])
}

# One finding a module: at the first such provider by name.
first(provider) if {
	provider.path == min({candidate.path | some candidate in terraform.providers; cloud_settings(candidate)})
}
