# METADATA
# title: No credential is written into a workflow
# description: >-
#   It is in the history for everyone who can read the repository, is shown in logs, because nothing knows that it is to be
#   hidden, and works until somebody revokes it.
# related_resources:
#   - https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/use-secrets
#   - https://docs.zizmor.sh/audits/#hardcoded-container-credentials
# custom:
#   id: SEC-009
#   severity: high
#   reads: github-workflow
#   message: "{name} is given a credential in clear text"
#   fix: "revoke it, and hand {name} over as a secret of the environment, or sign in by OIDC"
#   controls:
#     owasp-cicd: [CICD-SEC-6]
#     nist-800-53: [IA-5]
package idp_assess.secrets.no_workflow_credentials

import data.idp_assess.lib.secrets

deny contains {"id": "SEC-009", "path": array.concat(path, [name]), "params": {"name": name}, "resource": ""} if {
	some [path, values] in holders
	some name, value in values
	is_string(name)
	credential(name, value)
}

credential(name, value) if {
	secrets.names_one(name)
	secrets.given(value)
}

credential(_, value) if secrets.formed(value)

holders contains [["env"], input.env] if is_object(input.env)

holders contains [["jobs", name, key], job[key]] if {
	some name, job in input.jobs
	some key in ["env", "with"]
	is_object(job[key])
}

holders contains [["jobs", name, "container", key], job.container[key]] if {
	some name, job in input.jobs
	some key in ["env", "credentials"]
	is_object(job.container[key])
}

holders contains [["jobs", name, "steps", i, key], step[key]] if {
	some name, job in input.jobs
	some i, step in job.steps
	some key in ["env", "with"]
	is_object(step[key])
}
