# METADATA
# title: Who writes files does not choose the project
# description: >-
#   Where the project of an ApplicationSet comes from a generator, whoever can write to the generator's repository
#   picks the project with the widest rights.
# related_resources:
#   - https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Security/
# custom:
#   id: GIT-010
#   severity: high
#   reads: kubernetes
#   message: "the project of this ApplicationSet is filled in from its {generator} generator"
#   fix: "write the project's name into the template; one ApplicationSet a project"
#   controls:
#     nist-800-53: [AC-6]
package idp_assess.gitops.templated_project

import data.idp_assess.lib.gitops

deny contains {"id": "GIT-010", "path": ["spec", "template", "spec", "project"], "params": {"generator": generator}} if {
	input.kind == "ApplicationSet"
	gitops.argo
	project := input.spec.template.spec.project
	is_string(project)
	contains(project, "{{")
	generator := written
}

# What comes from the ApplicationSet itself, or from the clusters that Argo CD knows, is not written by others.
written := min({kind |
	walk(input.spec.generators, [path, _])
	kind := path[count(path) - 1]
	kind in {"git", "pullRequest", "scmProvider", "plugin"}
})
