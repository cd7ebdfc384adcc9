# METADATA
# title: What is removed from Git is removed from the cluster
# description: >-
#   Without pruning, objects whose files were deleted run on: with their old images, open ports and rights, and
#   nobody's code describes them.
# related_resources:
#   - https://argo-cd.readthedocs.io/en/stable/user-guide/auto_sync/#automatic-pruning
#   - https://fluxcd.io/flux/components/kustomize/kustomizations/#prune
# custom:
#   id: GIT-003
#   severity: low
#   reads: kubernetes
#   message: "{kind} {name} leaves in the cluster what Git no longer has"
#   fix: "set `prune: true`; protect single objects by an annotation"
package idp_assess.gitops.pruned

import data.idp_assess.lib.gitops

warn contains {"id": "GIT-003", "path": array.concat(gitops.application.path, ["syncPolicy", "automated"]), "params": {"kind": input.kind, "name": input.metadata.name}} if {
	automated := gitops.automated
	not automated.prune == true
	not filled_in
	not gitops.patched
	is_string(input.metadata.name)
}

warn contains {"id": "GIT-003", "path": ["spec", "prune"], "params": {"kind": "Kustomization", "name": input.metadata.name}} if {
	input.kind == "Kustomization"
	gitops.flux("kustomize")
	input.spec.prune == false
	is_string(input.metadata.name)
}

# By a template, per element.
filled_in if is_string(gitops.automated.prune)
