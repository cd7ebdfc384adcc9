package idp_assess.apis.kubernetes_versions_test

import data.idp_assess.apis.kubernetes_versions

of(version, kind) := {"apiVersion": version, "kind": kind, "metadata": {"name": "shop"}}

test_served if {
	every pair in [["networking.k8s.io/v1", "Ingress"], ["batch/v1", "CronJob"], ["v1", "Service"], [5, "Ingress"], ["policy/v1beta1", 5], ["storage.k8s.io/v1beta1", "VolumeAttributesClass"]] {
		count(kubernetes_versions.deny) == 0 with input as of(pair[0], pair[1])
	}
}

test_not_served if {
	kubernetes_versions.deny == {{
		"id": "API-001", "path": ["apiVersion"],
		"params": {"kind": "Ingress", "version": "extensions/v1beta1", "by": "1.22", "since": "2021-08-04", "use": "networking.k8s.io/v1"},
	}} with input as of("extensions/v1beta1", "Ingress")
	every pair in [["extensions/v1beta1", "Deployment"], ["policy/v1beta1", "PodSecurityPolicy"], ["autoscaling/v2beta2", "HorizontalPodAutoscaler"], ["batch/v1beta1", "CronJob"]] {
		count(kubernetes_versions.deny) == 1 with input as of(pair[0], pair[1])
	}
}
