# METADATA
# title: GitLab jobs run in images of a named version
# description: >-
#   A job in `latest` is green today and red tomorrow with nothing changed, and nobody can run again what a release was
#   built with.
# related_resources:
#   - https://docs.gitlab.com/ci/docker/using_docker_images/
# custom:
#   id: PIPE-035
#   severity: low
#   reads: gitlab-ci
#   message: "{place} runs in {image}: whatever its newest version is"
#   fix: "name a version of {image}, best with its digest"
package idp_assess.pipelines.gitlab_images_versioned

import data.idp_assess.lib.gitlab
import data.idp_assess.lib.image

deny contains {"id": "PIPE-035", "path": path, "params": {"place": place, "image": named}, "resource": named} if {
	some [place, path, named] in images
	not contains(named, "$")
	image.unversioned(named)
}

images contains [place, array.concat(at, path), named] if {
	some [place, at, holder] in holders
	some [path, named] in held(holder)
}

holders contains ["the pipeline", [], input] if is_object(input)

holders contains ["the pipeline", ["default"], input["default"]] if is_object(input["default"])

holders contains [name, [name], job] if some name, job in gitlab.jobs

held(holder) := (({[["image"], holder.image] | is_string(holder.image)} | {[["image", "name"], holder.image.name] |
	is_string(holder.image.name)
}) | {[["services", i], one] |
	some i, one in holder.services
	is_string(one)
}) | {[["services", i, "name"], one.name] |
	some i, one in holder.services
	is_string(one.name)
}
