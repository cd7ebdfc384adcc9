package idp_assess.terraform.provider_credentials_test

import data.idp_assess.terraform.provider_credentials

provider(body) := {"provider": {"aws": [object.union({"region": "eu-central-1"}, body)]}}

test_from_the_run if {
	every body in [{}, {"access_key": "${var.key}"}, {"secret_key": ""}, {"token": null}, {"access_key": "mock_access_key_dummy"}, {"token": 5}] {
		count(provider_credentials.deny) == 0 with input as provider(body)
	}
}

test_literal if {
	provider_credentials.deny == {{
		"id": "TF-009",
		"path": ["provider", "aws", 0, "secret_key"],
		"params": {"provider": "aws", "argument": "secret_key"},
		"resource": "provider.aws.eu",
	}} with input as provider({"alias": "eu", "secret_key": "wJalrXUtnFEMIK7MDENGbPxRfiCY"})
}

test_paths_are_silent if count(provider_credentials.deny) == 0 with input as {"provider": {"google": [{"credentials": "./key.json"}]}}
