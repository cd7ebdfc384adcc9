# METADATA
# title: A team orders in its own namespace, without a claim
# description: >-
#   Crossplane 2 has no claims for new APIs: composite resources live in namespaces, where quotas, RBAC and GitOps
#   of the team apply. Claims keep a cluster-wide twin of everything.
# related_resources:
#   - https://docs.crossplane.io/latest/guides/upgrade-to-crossplane-v2/
#   - https://docs.crossplane.io/latest/composition/composite-resource-definitions/
# custom:
#   id: XP-001
#   severity: low
#   reads: kubernetes
#   message: "this API is one of Crossplane 1: {why}"
#   fix: "use `apiextensions.crossplane.io/v2` with `scope: Namespaced`, and let users create the composite resource itself"
package idp_assess.crossplane.namespaced_apis

import data.idp_assess.lib.text

warn contains {"id": "XP-001", "path": path, "params": {"why": why}} if {
	input.kind == "CompositeResourceDefinition"
	is_string(input.apiVersion)
	startswith(input.apiVersion, "apiextensions.crossplane.io/")
	[path, why] := old
}

old := [["spec", "claimNames"], "it offers claims"] if {
	input.spec.claimNames
} else := [["spec", "scope"], "its objects are cluster-wide for claims"] if {
	text.known(input.spec.scope)
	not input.spec.scope in {"Namespaced", "Cluster"}
} else := [["apiVersion"], "its definition is not of version 2"] if {
	input.apiVersion in {"apiextensions.crossplane.io/v1", "apiextensions.crossplane.io/v1beta1"}
}
