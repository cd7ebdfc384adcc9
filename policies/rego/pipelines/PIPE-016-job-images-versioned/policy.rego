# METADATA
# title: Jobs run in images of a named version
# description: >-
#   A job in `latest` is green today and red tomorrow with nothing changed, and nobody can run again what a release was
#   built with.
# related_resources:
#   - https://docs.github.com/en/actions/how-tos/write-workflows/choose-where-workflows-run/run-jobs-in-a-container
#   - https://docs.zizmor.sh/audits/#unpinned-images
# custom:
#   id: PIPE-016
#   severity: low
#   reads: github-workflow
#   message: "{place} runs in {image}: whatever its newest version is"
#   fix: "name a version of {image}, best with its digest"
package idp_assess.pipelines.job_images_versioned

import data.idp_assess.lib.image
import data.idp_assess.lib.workflow

deny contains answer(["jobs", name, "container"], job.container, name) if {
	some name, job in input.jobs
	image.unversioned(job.container)
}

deny contains answer(["jobs", name, "container", "image"], job.container.image, name) if {
	some name, job in input.jobs
	image.unversioned(job.container.image)
}

deny contains answer(["jobs", name, "services", service, "image"], one.image, service) if {
	some name, job in input.jobs
	some service, one in job.services
	image.unversioned(one.image)
}

deny contains answer(["jobs", name, "steps", i, "uses"], named, workflow.named(step)) if {
	some name, job in input.jobs
	some i, step in job.steps
	is_string(step.uses)
	startswith(step.uses, "docker://")
	named := trim_prefix(step.uses, "docker://")
	image.unversioned(named)
}

answer(path, named, place) := {
	"id": "PIPE-016",
	"path": path,
	"params": {"image": named, "place": place},
	"resource": "",
}
