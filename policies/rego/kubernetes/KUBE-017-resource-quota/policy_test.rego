package idp_assess.kubernetes.resource_quota_test

import data.idp_assess.kubernetes.resource_quota

namespace := {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}

workload := {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop", "namespace": "shop"}}

policy(namespace) := {
	"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "deny", "namespace": namespace},
	"spec": {"podSelector": {}},
}

quota(namespace) := {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q", "namespace": namespace}}

directory(objects) := {"objects": objects}

test_bounded if count(resource_quota.warn) == 0 with input as directory([namespace, workload, quota("shop")])

test_open if {
	resource_quota.warn == {{
		"id": "KUBE-017", "path": ["objects", 0, "metadata", "name"], "params": {"name": "shop"}, "resource": "shop",
	}} with input as directory([namespace, workload, quota("other")])
}

test_a_namespace_alone_is_silent if count(resource_quota.warn) == 0 with input as directory([namespace, 5, null])
