# METADATA
# title: An application belongs to a project of its team
# description: >-
#   The default project allows every repository, every cluster and every kind: no boundary is left between the
#   teams that share Argo CD.
# related_resources:
#   - https://argo-cd.readthedocs.io/en/stable/user-guide/projects/#the-default-project
# custom:
#   id: GIT-007
#   severity: medium
#   reads: kubernetes
#   message: "this application is in the default project, which allows everything"
#   fix: "make an AppProject for the team, and name it in `spec.project`"
#   controls:
#     nist-800-53: [AC-6]
package idp_assess.gitops.own_project

import data.idp_assess.lib.gitops

deny contains {"id": "GIT-007", "path": array.concat(gitops.application.path, ["project"]), "params": {}} if {
	gitops.application.spec.project in {"default", ""}
}
