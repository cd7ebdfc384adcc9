package idp_assess.kubernetes.rbac_wildcards_test

import data.idp_assess.kubernetes.rbac_wildcards

role(rule) := {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "shop"}, "rules": [rule]}

denied(groups) := {{"id": "KUBE-011", "path": ["rules", 0], "params": {"kind": "ClusterRole", "name": "shop", "groups": groups}, "resource": groups}}

test_everything if {
	rbac_wildcards.deny == denied("all groups") with input as role({"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]})
	rbac_wildcards.deny == denied("the core group") with input as role({"apiGroups": [""], "resources": ["*"], "verbs": ["*"]})
}

test_named if {
	every rule in [
		{"apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list"]}, {"apiGroups": ["*"], "resources": ["pods"], "verbs": ["*"]},
		{"apiGroups": ["shop.example.org"], "resources": ["*"], "verbs": ["*"]}, {"nonResourceURLs": ["*"], "verbs": ["*"]}, 5, {"resources": "*", "verbs": "*"},
	] {
		count(rbac_wildcards.deny) == 0 with input as role(rule)
	}
}

test_other_kinds_are_silent if {
	count(rbac_wildcards.deny) == 0 with input as json.patch(role({"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}), [{"op": "replace", "path": "/kind", "value": "ClusterPolicy"}])
}
