package idp_assess.apis.component_versions_test

import data.idp_assess.apis.component_versions

of(version, kind) := {"apiVersion": version, "kind": kind, "metadata": {"name": "shop"}}

test_served if {
	every pair in [["external-secrets.io/v1", "ExternalSecret"], ["external-secrets.io/v1alpha1", "PushSecret"], ["gateway.networking.k8s.io/v1alpha2", "TCPRoute"], [5, 5]] {
		count(component_versions.deny) == 0 with input as of(pair[0], pair[1])
		count(component_versions.warn) == 0 with input as of(pair[0], pair[1])
	}
}

test_not_served if {
	component_versions.deny == {{
		"id": "API-002", "path": ["apiVersion"],
		"params": {
			"kind": "ExternalSecret", "version": "external-secrets.io/v1beta1", "state": "not served",
			"by": "External Secrets 0.17", "since": "2025-05", "use": "external-secrets.io/v1",
		},
	}} with input as of("external-secrets.io/v1beta1", "ExternalSecret")
	every pair in [["helm.toolkit.fluxcd.io/v2beta1", "HelmRelease"], ["cert-manager.io/v1alpha2", "Certificate"], ["karpenter.sh/v1alpha5", "Provisioner"]] {
		count(component_versions.deny) == 1 with input as of(pair[0], pair[1])
	}
}

test_deprecated_warns if {
	every pair in [["kyverno.io/v1", "ClusterPolicy"], ["apiextensions.crossplane.io/v1alpha1", "Usage"], ["policies.kyverno.io/v1alpha1", "ValidatingPolicy"]] {
		count(component_versions.warn) == 1 with input as of(pair[0], pair[1])
		count(component_versions.deny) == 0 with input as of(pair[0], pair[1])
	}
}
