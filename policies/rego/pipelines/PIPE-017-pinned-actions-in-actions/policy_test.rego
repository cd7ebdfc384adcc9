package idp_assess.pipelines.pinned_actions_in_actions_test

import data.idp_assess.pipelines.pinned_actions_in_actions

using(text) := {"runs": {"using": "composite", "steps": [{"id": "tool", "uses": text}]}}

test_loose if {
	every version in ["v2", "main"] {
		pinned_actions_in_actions.deny == {{
			"id": "PIPE-017",
			"path": ["runs", "steps", 0, "uses"],
			"params": {"action": "example/tool", "version": version},
			"resource": "tool",
		}} with input as using(concat("@", ["example/tool", version]))
	}
}

test_silent if {
	every text in ["example/tool@0123456789abcdef0123456789abcdef01234567", "actions/cache@v4", "./sub", "docker://x", 5, null] {
		count(pinned_actions_in_actions.deny) == 0 with input as using(text)
	}
	count(pinned_actions_in_actions.deny) == 0 with input as {"runs": {"using": "node20", "main": "index.js"}}
}
