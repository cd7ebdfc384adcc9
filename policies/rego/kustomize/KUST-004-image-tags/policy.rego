# METADATA
# title: An image is set to the version that was tried
# description: >-
#   A tag that moves is another image after the next push: the commit that is rolled back to no longer says what
#   ran.
# related_resources:
#   - https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/
#   - https://kubernetes.io/docs/concepts/containers/images/#image-names
# custom:
#   id: KUST-004
#   severity: medium
#   reads: kustomization
#   message: "image {image} is set to tag {tag}, which moves"
#   fix: "set `newTag` to a release, or `digest`"
#   controls:
#     nist-800-53: [CM-2]
package idp_assess.kustomize.image_tags

import data.idp_assess.lib.text
import data.idp_assess.lib.versions

deny contains {"id": "KUST-004", "path": ["images", i, "newTag"], "params": {"image": entry.name, "tag": entry.newTag}, "resource": entry.name} if {
	some i, entry in input.images
	is_string(entry.name)
	text.known(entry.newTag)
	versions.moving(entry.newTag)
	not entry.digest
}
