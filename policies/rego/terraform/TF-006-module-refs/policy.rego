# METADATA
# title: A module from Git is called by a tag or a commit
# description: >-
#   Without `ref`, or with a branch in it, a push to the module's repository changes infrastructure here at the
#   next apply, without a review here.
# related_resources:
#   - https://developer.hashicorp.com/terraform/language/modules/configuration#module-source
#   - https://developer.hashicorp.com/terraform/language/block/module#source
# custom:
#   id: TF-006
#   severity: medium
#   reads: terraform
#   message: "module {module} follows {ref} of a Git repository"
#   fix: "end the source of module {module} with `?ref=` and a release tag or a full commit id"
#   controls:
#     nist-800-53: [CM-3, SR-3]
#     soc2: [CC8.1]
package idp_assess.terraform.module_refs

import data.idp_assess.lib.terraform
import data.idp_assess.lib.text
import data.idp_assess.lib.versions

deny contains {"id": "TF-006", "path": array.concat(module.path, ["source"]), "params": {"module": module.name, "ref": ref}, "resource": module.name} if {
	some module in terraform.modules
	from_git(module.body.source)
	ref := moving(module.body.source)
}

from_git(source) if {
	text.known(source)
	regex.match(`^(git::|git@|ssh://git@|(github\.com|bitbucket\.org|gitlab\.com)/)|^https?://[^?]+\.git([/?]|$)`, source)
}

moving(source) := "the default branch" if not regex.match(`[?&]ref=[^&]`, source)

moving(source) := found[0][1] if {
	found := regex.find_all_string_submatch_n(`[?&]ref=([^&]+)`, source, 1)
	versions.moving(found[0][1])
}
