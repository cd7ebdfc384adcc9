# METADATA
# title: What a contributor writes is no part of an Azure pipeline's script
# description: >-
#   A macro is put into the script as text before the shell reads it. A commit message or a branch name with a quote and a
#   command in it runs that command, with the job's service connections.
# related_resources:
#   - https://learn.microsoft.com/azure/devops/pipelines/security/inputs
#   - https://learn.microsoft.com/azure/devops/pipelines/process/variables
# custom:
#   id: PIPE-043
#   severity: medium
#   reads: azure-pipelines
#   message: "the script has {expression} put in, which a contributor writes"
#   fix: "map it to a variable under `env` and let the script read that variable, in quotes"
#   controls:
#     owasp-cicd: [CICD-SEC-4]
package idp_assess.pipelines.azure_no_script_injection

import data.idp_assess.lib.azure

deny contains answer(one, path, expression) if {
	some [one, path, expression] in injected
	expression != "$(System.PullRequest.SourceBranch)"
}

# A branch's name has few characters to do harm with.
warn contains answer(one, path, expression) if {
	some [one, path, expression] in injected
	expression == "$(System.PullRequest.SourceBranch)"
}

injected contains [one, path, expression] if {
	some one in azure.steps
	some [path, text] in azure.scripts(one.step)
	some [expression] in regex.find_all_string_submatch_n(`\$\((?:Build\.SourceVersionMessage|Build\.SourceVersionAuthor|System\.PullRequest\.SourceBranch)\)`, text, -1)
}

answer(one, path, expression) := {
	"id": "PIPE-043",
	"path": array.concat(one.path, path),
	"params": {"expression": expression},
	"resource": azure.named(one.step),
}
