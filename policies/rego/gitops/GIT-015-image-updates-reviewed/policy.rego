# METADATA
# title: A new image goes through a review
# description: >-
#   Image automation that pushes to the branch it reads puts whatever the registry has newest into the cluster:
#   who can push an image deploys it.
# related_resources:
#   - https://fluxcd.io/flux/components/image/imageupdateautomations/#push
# custom:
#   id: GIT-015
#   severity: medium
#   reads: kubernetes
#   message: "{name} pushes new image tags to the branch that is deployed"
#   fix: "set `git.push.branch` to a branch of its own, and open a pull request from it"
#   controls:
#     nist-800-53: [CM-3]
#     soc2: [CC8.1]
package idp_assess.gitops.image_updates_reviewed

import data.idp_assess.lib.gitops

warn contains {"id": "GIT-015", "path": nearest, "params": {"name": input.metadata.name}} if {
	input.kind == "ImageUpdateAutomation"
	gitops.flux("image")
	is_string(input.metadata.name)
	is_object(input.spec.git)
	not apart
}

# Without a push branch it is the one that is checked out, or that of the source.
apart if {
	push := input.spec.git.push.branch
	push != ""
	not push == object.get(input.spec.git, ["checkout", "ref", "branch"], "")
}

apart if input.spec.git.push.refspec

nearest := ["spec", "git", "push", "branch"] if {
	_ = input.spec.git.push.branch
} else := ["spec", "git"]
