# METADATA
# title: A gate that fails stops the GitLab pipeline
# description: >-
#   A scan, a policy or a plan that may fail decides nothing: the change goes on as if it had passed, with an orange mark
#   that nobody looks at.
# related_resources:
#   - https://docs.gitlab.com/ci/yaml/#allow_failure
# custom:
#   id: PIPE-033
#   severity: medium
#   reads: gitlab-ci
#   message: "the verdict of job {job} is thrown away: {how}"
#   fix: "let the job fail; what is accepted belongs, with a reason and an end, into the tool's own list of exceptions"
#   controls:
#     owasp-cicd: [CICD-SEC-1]
#     nist-800-53: [SA-11]
package idp_assess.pipelines.gitlab_no_softened_gate

import data.idp_assess.lib.gitlab
import data.idp_assess.lib.shell

deny contains {"id": "PIPE-033", "path": [name, "allow_failure"], "params": {"job": name, "how": "allow_failure"}} if {
	some name, job in gitlab.jobs
	job.allow_failure == true
	not followed(job)
	some [_, line] in gitlab.commands(job)
	shell.gates(line)
}

deny contains {"id": "PIPE-033", "path": array.concat([name], path), "params": {"job": name, "how": "|| true"}} if {
	some name, job in gitlab.jobs
	not followed(job)
	some [path, line] in gitlab.commands(job)
	shell.gates(line)
	shell.softened(line)
}

# A report that the merge request shows is followed up there; a job that somebody starts by hand decides nothing.
followed(job) if {
	some kind, _ in job.artifacts.reports
	kind != "dotenv"
}

followed(job) if job.when == "manual"
