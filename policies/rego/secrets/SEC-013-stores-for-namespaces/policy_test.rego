package idp_assess.secrets.stores_for_namespaces_test

import data.idp_assess.secrets.stores_for_namespaces

store(spec) := {"apiVersion": "external-secrets.io/v1", "kind": "ClusterSecretStore", "metadata": {"name": "vault"}, "spec": spec}

test_every_namespace if {
	every spec in [{"provider": {"vault": {}}}, {"conditions": []}] {
		stores_for_namespaces.warn == {{
			"id": "SEC-013",
			"path": ["spec"],
			"params": {"store": "vault"},
			"resource": "",
		}} with input as store(spec)
	}
}

test_silent if {
	every spec in [{"conditions": [{"namespaces": ["shop"]}]}, {"provider": {"fake": {"data": []}}}, 5, null] {
		count(stores_for_namespaces.warn) == 0 with input as store(spec)
	}
	count(stores_for_namespaces.warn) == 0 with input as object.union(store({}), {"kind": "SecretStore"})
}
