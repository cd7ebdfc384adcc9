# METADATA
# title: No step has every secret, and none writes commands into its output
# description: >-
#   toJSON(secrets) gives a step, and whatever it runs, each secret of the repository, also those that the log does not know
#   to hide. With ACTIONS_ALLOW_UNSECURE_COMMANDS any line that a step prints can set variables of the next one.
# related_resources:
#   - https://docs.zizmor.sh/audits/#overprovisioned-secrets
#   - https://github.blog/changelog/2020-10-01-github-actions-deprecating-set-env-and-add-path-commands/
# custom:
#   id: PIPE-022
#   severity: high
#   reads: github-workflow
#   message: "Secrets at large: {what}"
#   fix: "To mend it, {fix}"
#   controls:
#     owasp-cicd: [CICD-SEC-6]
package idp_assess.pipelines.no_secrets_at_large

import data.idp_assess.lib.workflow

deny contains answer(path, all, workflow.named(step)) if {
	some [at, step] in steps
	some [inner, text] in texts(step)
	regex.match(`(?i)\$\{\{[^}]*tojson\(\s*secrets\s*\)`, text)
	path := array.concat(at, inner)
}

deny contains answer(array.concat(at, ["env", variable]), unsecure, "") if {
	some [at, holder] in holders
	some variable, value in holder.env
	variable == "ACTIONS_ALLOW_UNSECURE_COMMANDS"
	value in {true, "true"}
}

all := {"what": "a step is given every secret of the repository", "fix": "name the secrets that the step needs, one by one"}

unsecure := {"what": "lines that a step prints can set variables of the steps after it", "fix": "take ACTIONS_ALLOW_UNSECURE_COMMANDS out and write to $GITHUB_ENV"}

answer(path, params, resource) := {"id": "PIPE-022", "path": path, "params": params, "resource": resource}

steps contains [["jobs", name, "steps", i], step] if {
	some name, job in input.jobs
	some i, step in job.steps
}

holders contains [[], input]

holders contains [["jobs", name], job] if some name, job in input.jobs

holders contains [at, step] if some [at, step] in steps

texts(step) := {[["run"], step.run] | is_string(step.run)} | {[[key, name], text] |
	some key in ["env", "with"]
	some name, text in step[key]
	is_string(text)
}
