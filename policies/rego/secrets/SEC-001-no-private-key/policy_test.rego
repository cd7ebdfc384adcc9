package idp_assess.secrets.no_private_key_test

import data.idp_assess.secrets.no_private_key

test_key if {
	no_private_key.deny == {{"id": "SEC-001", "path": [], "params": {"name": "tls.key"}}} with input as {"name": "tls.key", "marks": ["private-key"]}
}

test_silent if {
	every marks in [[], ["private-key", "encrypted"], ["dotenv"], "private-key", null, {"private-key": true}] {
		count(no_private_key.deny) == 0 with input as {"name": "tls.key", "marks": marks}
	}
	count(no_private_key.deny) == 0 with input as {}
}
