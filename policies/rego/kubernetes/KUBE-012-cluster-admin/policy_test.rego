package idp_assess.kubernetes.cluster_admin_test

import data.idp_assess.kubernetes.cluster_admin

binding(role, subject) := {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": "ClusterRoleBinding",
	"metadata": {"name": "shop"},
	"roleRef": {"kind": "ClusterRole", "name": role},
	"subjects": [subject],
}

account := {"kind": "ServiceAccount", "name": "shop", "namespace": "shop"}

test_admin if {
	cluster_admin.deny == {{
		"id": "KUBE-012", "path": ["subjects", 0], "params": {"namespace": "shop", "account": "shop"}, "resource": "shop/shop",
	}} with input as binding("cluster-admin", account)
}

test_a_role_of_its_own if count(cluster_admin.deny) == 0 with input as binding("shop", account)

test_people_and_deployers_are_silent if {
	every subject in [{"kind": "Group", "name": "platform-admins"}, {"kind": "User", "name": "ada"}, 5, {"kind": "ServiceAccount"}, object.union(account, {"name": "kustomize-controller"})] {
		count(cluster_admin.deny) == 0 with input as binding("cluster-admin", subject)
	}
}

test_within_one_namespace_is_silent if {
	count(cluster_admin.deny) == 0 with input as json.patch(binding("cluster-admin", account), [{"op": "replace", "path": "/kind", "value": "RoleBinding"}])
}
