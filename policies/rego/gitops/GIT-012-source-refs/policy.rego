# METADATA
# title: A source says which revision it takes
# description: >-
#   Without `ref` Flux takes the branch master, or the tag latest of an image: what is applied depends on a name
#   that moves, or that is not there.
# related_resources:
#   - https://fluxcd.io/flux/components/source/gitrepositories/#reference
#   - https://fluxcd.io/flux/components/source/ocirepositories/#reference
# custom:
#   id: GIT-012
#   severity: medium
#   reads: kubernetes
#   message: "{kind} {name} takes {what}"
#   fix: "set `spec.ref` to a branch of your own repository, or to a tag, a version range or a digest of others"
#   controls:
#     nist-800-53: [CM-2, SR-3]
package idp_assess.gitops.source_refs

import data.idp_assess.lib.gitops
import data.idp_assess.lib.versions

deny contains {"id": "GIT-012", "path": path, "params": {"kind": input.kind, "name": input.metadata.name, "what": what}} if {
	input.kind in {"GitRepository", "OCIRepository"}
	gitops.flux("source")
	is_string(input.metadata.name)
	input.spec.url
	[path, what] := loose
}

loose := [["spec", "ref", "tag"], "a tag that moves"] if {
	input.kind == "OCIRepository"
	versions.moving(input.spec.ref.tag)
} else := [["spec", "ref", "semver"], "any version"] if {
	versions.unbounded(input.spec.ref.semver)
} else := [["spec"], defaults[input.kind]] if {
	not input.spec.ref
}

defaults := {"GitRepository": "the branch master, for it names none", "OCIRepository": "the tag latest, for it names none"}
