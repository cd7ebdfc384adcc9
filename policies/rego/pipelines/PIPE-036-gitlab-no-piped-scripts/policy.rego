# METADATA
# title: A GitLab job does not run what it has just downloaded
# description: >-
#   Whoever owns that address today decides what runs here, with the job's variables and token. Nothing is checked, and the
#   next run may get something else.
# related_resources:
#   - https://owasp.org/www-project-top-10-ci-cd-security-risks/CICD-SEC-03-Dependency-Chain-Abuse
# custom:
#   id: PIPE-036
#   severity: medium
#   reads: gitlab-ci
#   message: "job {job} pipes a download into a shell"
#   fix: "use an image that has the tool, or download a named version and compare its checksum before it runs"
#   controls:
#     owasp-cicd: [CICD-SEC-3]
package idp_assess.pipelines.gitlab_no_piped_scripts

import data.idp_assess.lib.gitlab
import data.idp_assess.lib.shell

# Anyone on the way can change it.
deny contains answer(name, path) if {
	some [name, path, line] in piped
	contains(line, "http://")
}

# Many well-known tools are installed so.
warn contains answer(name, path) if {
	some [name, path, line] in piped
	not contains(line, "http://")
}

piped contains [name, path, line] if {
	some name, job in gitlab.jobs
	some [path, line] in gitlab.commands(job)
	shell.runs_download(line)
}

answer(name, path) := {"id": "PIPE-036", "path": array.concat([name], path), "params": {"job": name}}
