# METADATA
# title: A GitLab job applies only to a protected environment
# description: >-
#   Without an environment nothing decides who may deploy, and any branch whose pipeline has the job can change the
#   infrastructure with the project's variables.
# related_resources:
#   - https://docs.gitlab.com/ci/environments/protected_environments/
#   - https://docs.gitlab.com/ci/yaml/#environment
# custom:
#   id: PIPE-031
#   severity: high
#   reads: gitlab-ci
#   message: "job {job} applies infrastructure without an environment"
#   fix: "add `environment: production` to job {job}, protect that environment, and let a rule keep the job to the default branch"
#   remedy: delivery/terraform-pipeline
#   controls:
#     nist-800-53: [CM-3]
#     soc2: [CC8.1]
package idp_assess.pipelines.gitlab_apply_protected

import data.idp_assess.lib.gitlab

deny contains {"id": "PIPE-031", "path": [name], "params": {"job": name}} if {
	some name, job in gitlab.jobs
	not named(job)
	not gitlab.inherits(job)
	gitlab.applies(job)
}

named(job) if {
	is_string(job.environment)
	job.environment != ""
}

named(job) if {
	is_string(job.environment.name)
	job.environment.name != ""
}
