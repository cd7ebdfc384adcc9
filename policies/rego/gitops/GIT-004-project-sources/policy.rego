# METADATA
# title: A project says from which repositories it deploys
# description: >-
#   A project is what keeps one team's applications apart from others. With `*` whoever may create an Application
#   in it deploys any repository of the internet.
# related_resources:
#   - https://argo-cd.readthedocs.io/en/stable/user-guide/projects/
#   - https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/
# custom:
#   id: GIT-004
#   severity: medium
#   reads: kubernetes
#   message: "project {name} deploys from any repository"
#   fix: "list the repositories of the team in `sourceRepos`"
#   controls:
#     nist-800-53: [CM-3, AC-6]
package idp_assess.gitops.project_sources

import data.idp_assess.lib.gitops

deny contains {"id": "GIT-004", "path": ["spec", "sourceRepos", i], "params": {"name": input.metadata.name}} if {
	input.kind == "AppProject"
	gitops.argo
	some i, repository in input.spec.sourceRepos
	repository in {"*", "**", "https://*", "*/*"}
	is_string(input.metadata.name)
	not refusals
}

# What begins with `!` takes away from `*`.
refusals if {
	some repository in input.spec.sourceRepos
	is_string(repository)
	startswith(repository, "!")
}
