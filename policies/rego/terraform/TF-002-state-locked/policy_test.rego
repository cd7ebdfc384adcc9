package idp_assess.terraform.state_locked_test

import data.idp_assess.terraform.state_locked

s3(settings) := {"terraform": [{"backend": {"s3": [object.union({"bucket": "b", "key": "k"}, settings)]}}]}

test_locked if {
	every settings in [{"use_lockfile": true}, {"dynamodb_table": "locks"}, {"lock_table": "locks"}, {"use_lockfile": "${local.lock}"}] {
		count(state_locked.deny) == 0 with input as s3(settings)
	}
}

test_not_locked if {
	every settings in [{}, {"use_lockfile": false}, {"dynamodb_table": ""}, {"encrypt": true}] {
		state_locked.deny == {{
			"id": "TF-002",
			"path": ["terraform", 0, "backend", "s3", 0],
			"params": {"backend": "s3", "setting": "use_lockfile = true"},
		}} with input as s3(settings)
	}
}

test_partial_configuration_is_unknown if {
	every settings in [{}, {"region": "eu-central-1"}, {"bucket": "b"}] {
		count(state_locked.deny) == 0 with input as {"terraform": [{"backend": {"s3": [settings]}}]}
	}
}

test_http if {
	count(state_locked.deny) == 1 with input as {"terraform": [{"backend": {"http": [{"address": "https://state.example.org/x"}]}}]}
	count(state_locked.deny) == 0 with input as {"terraform": [{"backend": {"http": [{"address": "https://a", "lock_address": "https://a/lock"}]}}]}
	count(state_locked.deny) == 0 with input as {"terraform": [{"backend": {"http": [{}]}}]}
}
