# METADATA
# title: A root says which provider versions it was tried with
# description: >-
#   Without a constraint `terraform init -upgrade`, or a fresh checkout without lock file, takes the newest major
#   version: resources change meaning, or are replaced.
# related_resources:
#   - https://developer.hashicorp.com/terraform/language/providers/requirements
#   - https://developer.hashicorp.com/terraform/language/expressions/version-constraints
# custom:
#   id: TF-003
#   severity: medium
#   reads: terraform
#   message: "provider {provider} has no version constraint"
#   fix: "name {provider} under `required_providers` with its source and a version such as `~> 6.0`"
#   controls:
#     nist-800-53: [CM-2]
package idp_assess.terraform.provider_versions

import data.idp_assess.lib.terraform

deny contains {"id": "TF-003", "path": required.path, "params": {"provider": required.name}} if {
	some required in terraform.required_providers
	is_object(required.wanted)
	terraform.root
	not versioned(required.wanted)
	not configured_with_version(required.name)
}

deny contains {"id": "TF-003", "path": provider.path, "params": {"provider": provider.name}} if {
	terraform.root
	some provider in terraform.providers
	first(provider)
	not provider.name in {required.name | some required in terraform.required_providers}
	not configured_with_version(provider.name)
	provider.name != "terraform"
}

versioned(wanted) if {
	is_string(wanted.version)
	wanted.version != ""
}

# As it was written before Terraform 0.13.
configured_with_version(name) if {
	some provider in terraform.providers
	provider.name == name
	is_string(provider.body.version)
}

first(provider) if provider.path[2] == 0
