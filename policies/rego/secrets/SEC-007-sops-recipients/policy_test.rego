package idp_assess.secrets.sops_recipients_test

import data.idp_assess.secrets.sops_recipients

rules(one) := {"creation_rules": [one]}

test_no_key if {
	every one in [{"path_regex": "x"}, {"path_regex": "x", "age": ""}, {"path_regex": "x", "key_groups": []}] {
		sops_recipients.deny == {{"id": "SEC-007", "path": ["creation_rules", 0], "params": {}, "resource": "x"}} with input as rules(one)
	}
}

test_silent if {
	every one in [{"age": "age1x"}, {"kms": "arn:aws:kms:x"}, {"key_groups": [{"age": ["age1x"]}]}, {"hc_vault_transit_uri": "https://v"}, {"azure_keyvault": "x"}, 5, null] {
		count(sops_recipients.deny) == 0 with input as rules(one)
	}
	count(sops_recipients.deny) == 0 with input as {"creation_rules": 5}
}
