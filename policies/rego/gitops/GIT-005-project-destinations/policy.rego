# METADATA
# title: A project says into which namespaces it deploys
# description: >-
#   With any namespace of a cluster as destination an application can write into Argo CD's own namespace, and by
#   that into every cluster that Argo CD manages.
# related_resources:
#   - https://argo-cd.readthedocs.io/en/stable/user-guide/projects/
#   - https://argo-cd.readthedocs.io/en/stable/operator-manual/security/
# custom:
#   id: GIT-005
#   severity: high
#   reads: kubernetes
#   message: "project {name} deploys into any namespace of {where}"
#   fix: "list the namespaces of the team in `destinations`, by name or by a prefix such as `shop-*`"
#   controls:
#     nist-800-53: [AC-6]
#     soc2: [CC6.3]
package idp_assess.gitops.project_destinations

import data.idp_assess.lib.gitops

deny contains answer if {
	some answer in wide
	not gitops.platform_project
}

warn contains answer if {
	some answer in wide
	gitops.platform_project
}

wide contains {"id": "GIT-005", "path": ["spec", "destinations", i], "params": {"name": input.metadata.name, "where": where}, "resource": where} if {
	input.kind == "AppProject"
	gitops.argo
	some i, destination in input.spec.destinations
	destination.namespace == "*"
	where := cluster(destination)
	is_string(input.metadata.name)
	not refusals
}

cluster(destination) := "every cluster" if {
	some key in ["server", "name"]
	destination[key] == "*"
} else := destination.name if {
	is_string(destination.name)
} else := destination.server if {
	is_string(destination.server)
}

refusals if {
	some destination in input.spec.destinations
	is_string(destination.namespace)
	startswith(destination.namespace, "!")
}
