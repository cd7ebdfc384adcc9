# METADATA
# title: Templates of an Azure pipeline come from a fixed version
# description: >-
#   A template of another repository is part of the pipeline and sees its service connections. Without a ref it is whatever
#   its default branch has when the pipeline starts.
# related_resources:
#   - https://learn.microsoft.com/azure/devops/pipelines/process/templates
#   - https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/resources-repositories-repository
# custom:
#   id: PIPE-041
#   severity: medium
#   reads: azure-pipelines
#   message: "repository {repository} is used as its branch is when the pipeline starts"
#   fix: "set `ref: refs/tags/<release>` for repository {repository}"
#   controls:
#     owasp-cicd: [CICD-SEC-3]
package idp_assess.pipelines.azure_pinned_repositories

import data.idp_assess.lib.text

# Another host's repository.
deny contains answer(i, one) if {
	some i, one in loose
	one.type in {"github", "githubenterprise", "bitbucket"}
}

# One of the same organization.
warn contains answer(i, one) if {
	some i, one in loose
	one.type == "git"
}

loose[i] := one if {
	some i, one in input.resources.repositories
	is_string(one.repository)
	not pinned(one)
}

pinned(one) if {
	is_string(one.ref)
	regex.match(`^refs/tags/|^[0-9a-f]{40}$`, one.ref)
}

pinned(one) if {
	is_string(one.ref)
	not text.known(one.ref)
}

answer(i, one) := {
	"id": "PIPE-041",
	"path": array.concat(["resources", "repositories", i], [key | some key in ["ref"]; one[key]]),
	"params": {"repository": one.repository},
	"resource": one.repository,
}
