package idp_assess.secrets.stores_by_identity_test

import data.idp_assess.secrets.stores_by_identity

store(provider) := {"apiVersion": "external-secrets.io/v1", "kind": "SecretStore", "metadata": {"name": "s"}, "spec": {"provider": provider}}

test_static_key if {
	stores_by_identity.warn == {{
		"id": "SEC-015",
		"path": ["spec", "provider", "vault", "auth", "tokenSecretRef"],
		"params": {"kind": "SecretStore", "store": "s", "instead": "auth.kubernetes or auth.jwt"},
		"resource": "",
	}} with input as store({"vault": {"auth": {"tokenSecretRef": {"name": "t"}}}})
	count(stores_by_identity.warn) == 1 with input as store({"aws": {"auth": {"secretRef": {}}}})
	count(stores_by_identity.warn) == 1 with input as store({"azurekv": {"authSecretRef": {}}})
}

test_silent if {
	every provider in [{"vault": {"auth": {"kubernetes": {}}}}, {"aws": {"auth": {"jwt": {}}}}, {"aws": {}}, {"onepassword": {}}, 5, null] {
		count(stores_by_identity.warn) == 0 with input as store(provider)
	}
}
