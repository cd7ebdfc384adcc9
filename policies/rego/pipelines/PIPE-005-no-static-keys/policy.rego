# METADATA
# title: Pipelines sign in to a cloud by OIDC, not by a stored key
# description: >-
#   A stored key of a cloud works from anywhere, for anyone who once read it, until somebody rotates it. A token that the
#   forge signs for one run names the repository and branch, and ends with the job.
# related_resources:
#   - https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
#   - https://docs.github.com/en/actions/concepts/security/openid-connect
# custom:
#   id: PIPE-005
#   severity: medium
#   reads: github-workflow
#   message: "a stored key signs in to {cloud}: {key}"
#   fix: "grant the job `id-token: write` and let it assume a role of {cloud} by OIDC; then revoke the key"
#   remedy: delivery/terraform-pipeline
#   controls:
#     owasp-cicd: [CICD-SEC-6]
#     nist-800-53: [IA-5]
package idp_assess.pipelines.no_static_keys

import data.idp_assess.lib.workflow

# What signs in, and the input of it that takes a key.
takes_key := {
	"aws-actions/configure-aws-credentials": {"cloud": "AWS", "key": "aws-secret-access-key"},
	"google-github-actions/auth": {"cloud": "Google Cloud", "key": "credentials_json"},
	"google-github-actions/setup-gcloud": {"cloud": "Google Cloud", "key": "service_account_key"},
	"azure/login": {"cloud": "Azure", "key": "creds"},
}

# Variables that tools take a key from. AWS's are also those of other object stores, so they count where AWS's own tools are used.
key_variables := {
	"ARM_CLIENT_SECRET": "Azure",
	"AZURE_CLIENT_SECRET": "Azure",
	"GOOGLE_CREDENTIALS": "Google Cloud",
	"AWS_SECRET_ACCESS_KEY": "AWS",
}

deny contains answer(["jobs", name, "steps", i, "with", taken.key], taken.cloud, taken.key, workflow.named(step)) if {
	some name, job in input.jobs
	some i, step in job.steps
	is_string(step.uses)
	some action, taken in takes_key
	startswith(lower(step.uses), concat("", [action, "@"]))
	secret(step["with"][taken.key])
}

deny contains answer(["jobs", name, "steps", i, "env", variable], cloud, variable, workflow.named(step)) if {
	some name, job in input.jobs
	some i, step in job.steps
	some variable, cloud in key_variables
	secret(step.env[variable])
	not elsewhere(step.env)
}

deny contains answer(["jobs", name, "env", variable], cloud, variable, "") if {
	some name, job in input.jobs
	some variable, cloud in key_variables
	secret(job.env[variable])
	not elsewhere(job.env)
}

deny contains answer(["env", variable], cloud, variable, "") if {
	some variable, cloud in key_variables
	secret(input.env[variable])
	not elsewhere(input.env)
}

answer(path, cloud, key, resource) := {
	"id": "PIPE-005",
	"path": path,
	"params": {"cloud": cloud, "key": key},
	"resource": resource,
}

secret(value) if {
	is_string(value)
	regex.match(`\$\{\{\s*secrets\.`, value)
}

# Another provider's object store with AWS's interface.
elsewhere(env) if {
	some name, _ in env
	contains(upper(name), "ENDPOINT")
}

# A session's key that an earlier step was given is none that is stored.
elsewhere(env) if env.AWS_SESSION_TOKEN
