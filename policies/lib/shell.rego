# What policies ask of shell text, said once: of a workflow's step, a CI script, a Dockerfile's RUN.
package idp_assess.lib.shell

# The commands of a text, one a line: continued lines are joined, whole-line comments left out.
lines(text) := [line |
	is_string(text)
	some written in split(replace(text, "\\\n", " "), "\n")
	line := trim_space(written)
	line != ""
	not startswith(line, "#")
]

# Whether a command line changes infrastructure: not one that plans, nor one that only speaks of it.
applies(line) if {
	is_string(line)
	regex.match(`(^|[\s;&|(])(terraform|tofu|terragrunt|gitlab-terraform|gitlab-tofu)(\s+-\S+)*\s+((run-all|run)\s+(-\S+\s+)*)?apply([\s;&|)]|$)`, line)
}

# Whether a command line shows a change before it is made.
plans(line) if {
	is_string(line)
	regex.match(`(^|[\s;&|(])(terraform|tofu|terragrunt)(\s+-\S+)*\s+((run-all|run)\s+(-\S+\s+)*)?(plan|show)([\s;&|)]|$)`, line)
}

# Whether a command line applies what it works out on the spot: no plan file, no variable that may name one.
applies_unseen(line) if {
	applies(line)
	not contains(line, "gitlab-t") # GitLab's wrappers apply the plan that the plan job left
	not regex.match(`\sapply\s([^;&|]*\s)?([^-\s;&|<>='"][^\s;&|<>=]*|"[^"=]*")\s*([;&|)]|$)`, line)
}

# Whether a command line runs what it has just downloaded, unseen. A commit or a version in the address is always the same text.
runs_download(line) if {
	is_string(line)
	not regex.match(`/([0-9a-f]{40}|v?[0-9]+\.[0-9]+(\.[0-9]+)?)/`, line)
	regex.match(`(^|[\s;&|(\x60])(curl|wget)\s[^|]*\|\s*(sudo\s+(-\S+\s+)*)?(env\s+)?(\S*=\S*\s+)*(/\S*/)?(ba|z|da|k|a)?sh(\s|$|[;&)"'\x60])`, line)
}

runs_download(line) if {
	is_string(line)
	not regex.match(`/([0-9a-f]{40}|v?[0-9]+\.[0-9]+(\.[0-9]+)?)/`, line)
	regex.match(`(^|[\s;&|(])(\S*/)?(ba|z|da|k|a)?sh\s+(-\S+\s+)*(<\(|["']?\$\()\s*(curl|wget)\s`, line)
}

# Whether a command line runs a tool whose verdict is a gate: a scanner of code, of images or of configuration, a policy engine.
gates(line) if {
	is_string(line)
	regex.match(
		concat("", [
			`(^|[\s;&|(/])`,
			`(checkov|tfsec|terrascan|trivy|tfsec|kics|conftest|kubeconform|kubeval|kube-linter|kube-score|kubesec|polaris|pluto|`,
			`snyk|semgrep|gitleaks|trufflehog|detect-secrets|grype|tflint|hadolint|cfn-lint|cfn_nag_scan|cfn-guard|regula|bandit|gosec|brakeman|`,
			`govulncheck|pip-audit|bundle-audit|zizmor|actionlint|opa\s+(test|check|eval)|kyverno\s+(apply|test)|`,
			`(terraform|tofu|terragrunt)(\s+-\S+)*\s+(plan|validate))([\s;&|)]|$)`,
		]),
		line,
	)
}

# Whether a command line throws the verdict of its last command away.
softened(line) if {
	is_string(line)
	regex.match(`\|\|\s*(true|:|exit\s+0|echo\s[^|&]*)\s*\)?\s*$`, line)
}

# Whether a command line changes what runs somewhere.
deploys(line) if applies(line)

deploys(line) if {
	is_string(line)
	not regex.match(`\s(--dry-run|--check|-C|--syntax-check|--list-\w+)(=|\s|$)`, line)
	regex.match(
		concat("", [
			`(^|[\s;&|(])(kubectl(\s+-\S+)*\s+(apply|create|replace|rollout|set\s+image)|helm(\s+-\S+)*\s+(upgrade|install)|helmfile(\s+-\S+)*\s+(apply|sync)|`,
			`pulumi(\s+-\S+)*\s+up|cdk\s+deploy|sam\s+deploy|(serverless|sls)\s+deploy|aws\s+cloudformation\s+(deploy|create-stack|update-stack)|`,
			`aws\s+ecs\s+update-service|az\s+deployment\s+\S+\s+create|gcloud\s.*\sdeploy|cf\s+(push|deploy)|flyctl\s+deploy|ansible-playbook)([\s;&|)]|$)`,
		]),
		line,
	)
}
