package idp_assess.kubernetes.everybody_bound_test

import data.idp_assess.kubernetes.everybody_bound

binding(role, subject) := {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": "ClusterRoleBinding",
	"metadata": {"name": "shop"},
	"roleRef": {"kind": "ClusterRole", "name": role},
	"subjects": [subject],
}

account := {"kind": "ServiceAccount", "name": "shop", "namespace": "shop"}

test_everybody if {
	every name in ["system:authenticated", "system:unauthenticated", "system:serviceaccounts"] {
		everybody_bound.deny == {{
			"id": "KUBE-013", "path": ["subjects", 0], "params": {"kind": "ClusterRoleBinding", "name": "shop", "role": "view", "whom": name},
			"resource": name,
		}} with input as binding("view", {"kind": "Group", "name": name})
	}
	count(everybody_bound.deny) == 1 with input as binding("view", {"kind": "ServiceAccount", "name": "default", "namespace": "shop"})
}

in_namespace(role) := json.patch(
	binding(role, {"kind": "Group", "name": "system:authenticated"}),
	[{"op": "replace", "path": "/kind", "value": "RoleBinding"}],
)

test_in_one_namespace if {
	count(everybody_bound.warn) == 1 with input as in_namespace("edit")
	count(everybody_bound.warn) == 0 with input as in_namespace("prices-reader")
}

test_somebody if {
	every subject in [account, {"kind": "Group", "name": "system:serviceaccounts:shop"}, {"kind": "Group", "name": "team-shop"}, 5, {"kind": "Group"}] {
		count(everybody_bound.deny) == 0 with input as binding("view", subject)
	}
}

test_what_kubernetes_gives_to_all if {
	count(everybody_bound.deny) == 0 with input as binding("system:service-account-issuer-discovery", {"kind": "Group", "name": "system:unauthenticated"})
}
