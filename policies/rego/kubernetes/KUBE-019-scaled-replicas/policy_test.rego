package idp_assess.kubernetes.scaled_replicas_test

import data.idp_assess.kubernetes.scaled_replicas

workload(replicas) := {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop"}, "spec": {"replicas": replicas}}

scaler(target) := {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "shop"}, "spec": {"scaleTargetRef": target}}

target := {"kind": "Deployment", "name": "shop"}

test_both_count if {
	scaled_replicas.deny == {{
		"id": "KUBE-019", "path": ["objects", 0, "spec", "replicas"],
		"params": {"kind": "Deployment", "name": "shop", "autoscaler": "shop"}, "resource": "Deployment/shop",
	}} with input as {"objects": [workload(2), scaler(target)]}
}

test_the_autoscaler_alone if {
	every replicas in [null, "{{ x }}"] {
		count(scaled_replicas.deny) == 0 with input as {"objects": [workload(replicas), scaler(target)]}
	}
	count(scaled_replicas.deny) == 0 with input as {"objects": [json.remove(workload(2), ["/spec/replicas"]), scaler(target)]}
}

test_another_workload if {
	every other in [{"kind": "StatefulSet", "name": "shop"}, {"kind": "Deployment", "name": "other"}, 5, {}] {
		count(scaled_replicas.deny) == 0 with input as {"objects": [workload(2), scaler(other), 5]}
	}
}
