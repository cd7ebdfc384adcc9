package idp_assess.secrets.no_registry_credentials_test

import data.idp_assess.secrets.no_registry_credentials

test_found if {
	every name, mark in {".dockerconfigjson": "docker-credentials", ".npmrc": "registry-credentials", ".pypirc": "registry-credentials"} {
		no_registry_credentials.deny == {{"id": "SEC-005", "path": [], "params": {"name": name}}} with input as {"name": name, "marks": [mark]}
	}
}

test_silent if {
	count(no_registry_credentials.deny) == 0 with input as {"name": ".npmrc", "marks": []}
	count(no_registry_credentials.deny) == 0 with input as {"name": "secrets.yaml", "marks": ["registry-credentials"]}
	count(no_registry_credentials.deny) == 0 with input as {"name": ".dockerconfigjson", "marks": ["docker-credentials", "encrypted"]}
	count(no_registry_credentials.deny) == 0 with input as {"name": 5, "marks": ["docker-credentials"]}
}
