# METADATA
# title: Content from another repository is fetched at a fixed version
# description: >-
#   From a branch, each new component starts from whatever was pushed there last; nobody can say from what an older one was
#   made, and a bad push is in every repository made that day.
# related_resources:
#   - https://backstage.io/docs/features/software-templates/builtin-actions
# custom:
#   id: BS-006
#   severity: low
#   reads: backstage
#   message: "step {step} fetches from a branch of another repository"
#   fix: "fetch from a tag or a commit, or keep the skeleton beside the template"
package idp_assess.backstage.pinned_source

import data.idp_assess.lib.backstage
import data.idp_assess.lib.versions

deny contains {"id": "BS-006", "path": ["spec", "steps", i, "input", "url"], "params": {"step": backstage.named(step)}, "resource": backstage.named(step)} if {
	some i, step in backstage.steps
	startswith(step.action, "fetch:")
	is_string(step.input.url)
	some [_, branch] in regex.find_all_string_submatch_n(`^https?://[^/]+/.+?/(?:-/)?(?:tree|blob|raw|src)/([^/]+)(?:/|$)`, step.input.url, 1)
	versions.moving(branch)
}
