# METADATA
# title: Pull requests do not run on the organization's own machines
# description: >-
#   A self-hosted runner keeps what a job leaves on it and stands inside the network. In a repository that strangers can
#   fork, a pull request runs their code there.
# related_resources:
#   - https://docs.github.com/en/actions/reference/security/secure-use
#   - https://docs.zizmor.sh/audits/#self-hosted-runner
# custom:
#   id: PIPE-011
#   severity: medium
#   reads: github-workflow
#   message: "job {job} runs pull requests on a self-hosted runner"
#   fix: "run pull requests on hosted or ephemeral runners, or only those of this repository: `if: github.event.pull_request.head.repo.full_name == github.repository`"
#   controls:
#     owasp-cicd: [CICD-SEC-7]
package idp_assess.pipelines.no_own_runner_for_strangers

import data.idp_assess.lib.workflow

# Whether the repository is public is not seen here.
warn contains {"id": "PIPE-011", "path": ["jobs", name, "runs-on"], "params": {"job": name}} if {
	some event in workflow.triggers(input)
	event in {"pull_request", "pull_request_target"}
	some name, job in input.jobs
	own(job["runs-on"])
	not guarded(job)
}

own(label) if label == "self-hosted"

own(labels) if {
	is_array(labels)
	"self-hosted" in labels
}

own(group) if {
	is_object(group)
	group.labels == "self-hosted"
}

own(group) if {
	is_object(group)
	is_array(group.labels)
	"self-hosted" in group.labels
}

guarded(job) if {
	is_string(job["if"])
	regex.match(`head\.repo|\.fork\b|github\.(event_name|ref|actor)|event\.action\s*==\s*'closed'|merged`, job["if"])
}

guarded(job) if workflow.environment(job)
