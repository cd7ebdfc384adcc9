# METADATA
# title: A root says which Terraform it was tried with
# description: >-
#   State is written by the newest version that ever ran: one colleague with a newer binary forces it on all
#   others and on the pipeline, and older ones fail in ways that do not name the cause.
# related_resources:
#   - https://developer.hashicorp.com/terraform/language/block/terraform#required_version
# custom:
#   id: TF-004
#   severity: low
#   reads: terraform
#   message: "this root runs with any version of Terraform or OpenTofu"
#   fix: "set `required_version`, such as `~> 1.11`, in the `terraform` block"
package idp_assess.terraform.required_version

import data.idp_assess.lib.terraform
import data.idp_assess.lib.versions

deny contains {"id": "TF-004", "path": backend.path, "params": {}} if {
	some backend in terraform.backends
	not stated
}

deny contains {"id": "TF-004", "path": path, "params": {}} if {
	some path in terraform.clouds
	not stated
}

stated if {
	some block in terraform.settings
	is_string(block.body.required_version)
	not versions.unbounded_below(block.body.required_version)
}
