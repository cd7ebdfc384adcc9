# METADATA
# title: Applies in GitLab neither overlap nor end half-way
# description: >-
#   An interruptible job is killed by the next push, and an apply that is killed leaves a locked state. Without a resource
#   group two pipelines apply at once.
# related_resources:
#   - https://docs.gitlab.com/ci/yaml/#interruptible
#   - https://docs.gitlab.com/ci/resource_groups/
# custom:
#   id: PIPE-034
#   severity: medium
#   reads: gitlab-ci
#   message: "job {job} applies infrastructure, and {how}"
#   fix: "set `interruptible: false` and `resource_group: production` on job {job}"
package idp_assess.pipelines.gitlab_whole_applies

import data.idp_assess.lib.gitlab

deny contains {"id": "PIPE-034", "path": [name, "interruptible"], "params": {"job": name, "how": "the next push kills it"}} if {
	some name, job in gitlab.jobs
	job.interruptible == true
	gitlab.applies(job)
}

warn contains {"id": "PIPE-034", "path": [name], "params": {"job": name, "how": "a second pipeline does not wait for it"}} if {
	some name, job in gitlab.jobs
	not job.resource_group
	not gitlab.inherits(job)
	gitlab.applies(job)
}
