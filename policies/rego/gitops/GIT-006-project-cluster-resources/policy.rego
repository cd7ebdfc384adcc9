# METADATA
# title: A project says which cluster-wide kinds it may create
# description: >-
#   Cluster-wide kinds are roles, bindings, webhooks and definitions: who may create any of them through Git is
#   cluster-admin by a detour.
# related_resources:
#   - https://argo-cd.readthedocs.io/en/stable/user-guide/projects/
#   - https://argo-cd.readthedocs.io/en/stable/operator-manual/security/
# custom:
#   id: GIT-006
#   severity: high
#   reads: kubernetes
#   message: "project {name} may create every cluster-wide kind"
#   fix: "list the kinds that the project needs in `clusterResourceWhitelist`, or leave it out"
#   controls:
#     nist-800-53: [AC-6]
#     soc2: [CC6.3]
package idp_assess.gitops.project_cluster_resources

import data.idp_assess.lib.gitops

deny contains answer if {
	some answer in wide
	not gitops.platform_project
}

warn contains answer if {
	some answer in wide
	gitops.platform_project
}

wide contains {"id": "GIT-006", "path": ["spec", "clusterResourceWhitelist", i], "params": {"name": input.metadata.name}} if {
	input.kind == "AppProject"
	gitops.argo
	some i, allowed in input.spec.clusterResourceWhitelist
	allowed.group == "*"
	allowed.kind == "*"
	is_string(input.metadata.name)
	not some_refused
}

some_refused if {
	some _ in input.spec.clusterResourceBlacklist
}
