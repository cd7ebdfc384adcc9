# METADATA
# title: A module from a registry is called by its version
# description: >-
#   Without `version` each `init` takes the newest release, also a new major one: infrastructure changes by
#   somebody else's release and not by a change here.
# related_resources:
#   - https://developer.hashicorp.com/terraform/language/block/module#version
# custom:
#   id: TF-005
#   severity: medium
#   reads: terraform
#   message: "module {module} takes whatever version its registry has newest"
#   fix: "add `version` to module {module}, such as `~> 5.1`"
#   controls:
#     nist-800-53: [CM-2, SR-3]
package idp_assess.terraform.module_versions

import data.idp_assess.lib.terraform
import data.idp_assess.lib.text
import data.idp_assess.lib.versions

deny contains {"id": "TF-005", "path": array.concat(module.path, ["source"]), "params": {"module": module.name}, "resource": module.name} if {
	some module in terraform.modules
	from_registry(module.body.source)
	not module.body.version
}

deny contains {"id": "TF-005", "path": array.concat(module.path, ["version"]), "params": {"module": module.name}, "resource": module.name} if {
	some module in terraform.modules
	from_registry(module.body.source)
	versions.unbounded(module.body.version)
	not startswith(trim_space(module.body.version), ">")
}

# [HOST/]NAMESPACE/NAME/PROVIDER[//DIRECTORY]
from_registry(source) if {
	text.known(source)
	regex.match(`^([a-z0-9-]+(\.[a-z0-9-]+)+/)?[0-9A-Za-z][\w-]*/[0-9A-Za-z][\w-]*/[0-9a-z]+(//.*)?$`, source)
	not regex.match(`^(github\.com|bitbucket\.org|gitlab\.com)/`, source)
}
