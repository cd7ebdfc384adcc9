package idp_assess.secrets.no_plain_kubernetes_secret_test

import data.idp_assess.secrets.no_plain_kubernetes_secret

secret(holder, values) := {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db"}, holder: values}

found(holder, key) := {{"id": "SEC-006", "path": [holder, key], "params": {"secret": "db", "key": key}, "resource": ""}}

silent(object) if count(no_plain_kubernetes_secret.deny) == 0 with input as object

test_text if {
	no_plain_kubernetes_secret.deny == found("stringData", "password") with input as secret("stringData", {"password": "k3Jx9wQz0", "user": "shop"})
}

test_base64 if {
	no_plain_kubernetes_secret.deny == found("data", "password") with input as secret("data", {"password": base64.encode("k3Jx9wQz0")})
}

test_by_its_form if {
	no_plain_kubernetes_secret.deny == found("stringData", "config") with input as secret("stringData", {"config": "-----BEGIN RSA PRIVATE KEY-----\nx"})
}

test_silent if {
	silent(object.union(secret("data", {"password": "ENC[AES256_GCM,data:AAAA]"}), {"sops": {"version": "3"}}))
	silent(secret("stringData", {"password": "${DB_PASSWORD}"}))
	silent(secret("stringData", {"password": "{{ .Values.password }}"}))
	silent(secret("stringData", {"password": "changeme"}))
	silent(secret("stringData", {"password": "<path:kv/db#password>"}))
	silent(secret("stringData", {"password": ""}))
	silent(secret("data", {"password": "not base64!"}))
	silent(secret("stringData", {"url": "https://example.org", "user": "shop"}))
	silent({"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/service-account-token"})
	silent({"apiVersion": "v1", "kind": "ConfigMap", "data": {"password": "k3Jx9wQz0"}})
}

test_wrong_types if {
	every values in [5, null, "password", ["k3Jx9wQz0"], {"password": 5}, {"password": null}] {
		silent(secret("stringData", values))
		silent(secret("data", values))
	}
}
