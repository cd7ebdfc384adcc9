# METADATA
# title: What a run does stands in its plan
# description: >-
#   A provisioner runs a script on apply: the plan does not show it, no state remembers it, and it depends on what
#   the runner has installed. HashiCorp calls it a last resort.
# related_resources:
#   - https://developer.hashicorp.com/terraform/language/provisioners
# custom:
#   id: TF-013
#   severity: low
#   reads: terraform
#   message: "{address} runs a {type} provisioner"
#   fix: "use a resource of a provider, cloud-init, or a step of the pipeline after the apply"
package idp_assess.terraform.provisioners

import data.idp_assess.lib.terraform

warn contains {"id": "TF-013", "path": array.concat(resource.path, ["provisioner", type, i]), "params": {"address": resource.address, "type": type}, "resource": resource.address} if {
	some resource in terraform.resources
	some type in ["local-exec", "remote-exec"]
	some i, _ in resource.body.provisioner[type]
}
