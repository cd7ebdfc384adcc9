# METADATA
# title: A job does not run what it has just downloaded
# description: >-
#   Whoever owns that address today decides what runs here, with the job's token and secrets. Nothing is checked, and the
#   next run may get something else.
# related_resources:
#   - https://owasp.org/www-project-top-10-ci-cd-security-risks/CICD-SEC-03-Dependency-Chain-Abuse
# custom:
#   id: PIPE-015
#   severity: medium
#   reads: github-workflow
#   message: "job {job} pipes a download into a shell"
#   fix: "use a pinned action or a released package, or download a named version and compare its checksum before it runs"
#   controls:
#     owasp-cicd: [CICD-SEC-3]
package idp_assess.pipelines.no_piped_scripts

import data.idp_assess.lib.shell
import data.idp_assess.lib.workflow

# Anyone on the way can change it.
deny contains answer(name, i, step) if {
	some [name, i, step, line] in piped
	contains(line, "http://")
}

# Many well-known tools are installed so.
warn contains answer(name, i, step) if {
	some [name, i, step, line] in piped
	not contains(line, "http://")
}

piped contains [name, i, step, line] if {
	some name, job in input.jobs
	some i, step in job.steps
	some line in shell.lines(step.run)
	shell.runs_download(line)
}

answer(name, i, step) := {
	"id": "PIPE-015",
	"path": ["jobs", name, "steps", i, "run"],
	"params": {"job": name},
	"resource": workflow.named(step),
}
