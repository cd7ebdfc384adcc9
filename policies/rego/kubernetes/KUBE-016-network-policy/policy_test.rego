package idp_assess.kubernetes.network_policy_test

import data.idp_assess.kubernetes.network_policy

namespace := {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}

workload := {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop", "namespace": "shop"}}

policy(namespace) := {
	"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "deny", "namespace": namespace},
	"spec": {"podSelector": {}},
}

quota(namespace) := {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q", "namespace": namespace}}

directory(objects) := {"objects": objects}

test_guarded if {
	count(network_policy.warn) == 0 with input as directory([namespace, workload, policy("shop")])
	count(network_policy.warn) == 0 with input as directory([namespace, workload, json.remove(policy("shop"), ["/metadata/namespace"])])
}

test_open if {
	network_policy.warn == {{
		"id": "KUBE-016", "path": ["objects", 0, "metadata", "name"], "params": {"name": "shop"}, "resource": "shop",
	}} with input as directory([namespace, workload, policy("other")])
}

test_a_namespace_alone_is_silent if {
	count(network_policy.warn) == 0 with input as directory([namespace])
	count(network_policy.warn) == 0 with input as directory([namespace, json.patch(workload, [{"op": "replace", "path": "/metadata/namespace", "value": "other"}])])
	count(network_policy.warn) == 0 with input as directory([5, workload])
}
