# METADATA
# title: What Git says is still being applied
# description: >-
#   A suspended object is not reconciled: commits to it do nothing, drift stays, and it looks the same as all
#   others in Git until somebody remembers.
# related_resources:
#   - https://fluxcd.io/flux/components/kustomize/kustomizations/#suspend
#   - https://fluxcd.io/flux/components/helm/helmreleases/#suspend
# custom:
#   id: GIT-011
#   severity: medium
#   reads: kubernetes
#   message: "{kind} {name} is suspended"
#   fix: "remove `suspend: true`, or delete the object if it is no longer wanted"
#   controls:
#     nist-800-53: [CM-3]
package idp_assess.gitops.not_suspended

import data.idp_assess.lib.gitops

deny contains {"id": "GIT-011", "path": ["spec", "suspend"], "params": {"kind": input.kind, "name": input.metadata.name}} if {
	input.kind in {"Kustomization", "HelmRelease", "GitRepository", "OCIRepository", "HelmRepository", "Bucket", "ImageUpdateAutomation"}
	some group in ["kustomize", "helm", "source", "image"]
	gitops.flux(group)
	input.spec.suspend == true
	is_string(input.metadata.name)
}
