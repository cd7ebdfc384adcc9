# METADATA
# title: An image is built on a named version
# description: >-
#   Without a tag, or on latest, the same Dockerfile gives another image next week: a rollback rebuilds something else, and
#   nobody decided on the upgrade.
# related_resources:
#   - https://docs.docker.com/build/building/best-practices/#pin-base-image-versions
# custom:
#   id: IMG-001
#   severity: medium
#   reads: dockerfile
#   message: "the base image {image} is whatever its newest version is"
#   fix: "name a version, `{name}:<version>`, best with its digest, and let Dependabot or Renovate raise it"
#   controls:
#     cis-docker: ["4.2"]
package idp_assess.images.pinned_base

import data.idp_assess.lib.dockerfile
import data.idp_assess.lib.image

deny contains {"id": "IMG-001", "path": ["stages", i], "params": {"image": stage.image, "name": image.bare(stage.image)}, "resource": stage.image} if {
	some i, stage in input.stages
	dockerfile.external(input.stages, i)
	image.unversioned(stage.image)
}
