package idp_assess.secrets.external_secret_refreshed_test

import data.idp_assess.secrets.external_secret_refreshed

secret(spec) := {"apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret", "metadata": {"name": "db"}, "spec": spec}

found(path) := {{"id": "SEC-012", "path": path, "params": {"secret": "db"}, "resource": ""}}

test_never if {
	every interval in ["0", "0s", "0h", 0] {
		external_secret_refreshed.deny == found(["spec", "refreshInterval"]) with input as secret({"refreshInterval": interval})
	}
}

test_chosen_warns if {
	external_secret_refreshed.warn == found(["spec", "refreshPolicy"]) with input as secret({"refreshPolicy": "CreatedOnce"})
}

test_silent if {
	every spec in [
		{"refreshInterval": "1h"}, {}, {"refreshInterval": "10m"}, 5, null, {"refreshInterval": null},
		{"refreshInterval": "0", "target": {"creationPolicy": "Orphan"}},
		{"refreshInterval": "0", "dataFrom": [{"sourceRef": {"generatorRef": {"kind": "Password"}}}]},
	] {
		count(external_secret_refreshed.deny | external_secret_refreshed.warn) == 0 with input as secret(spec)
	}
	count(external_secret_refreshed.deny) == 0 with input as {"apiVersion": "v1", "kind": "ExternalSecret", "spec": {"refreshInterval": "0"}}
}
