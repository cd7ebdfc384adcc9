package idp_assess.pipelines.no_write_all_test

import data.idp_assess.pipelines.no_write_all

test_workflow if {
	no_write_all.deny == {{
		"id": "PIPE-006",
		"path": ["permissions"],
		"params": {"holder": "the workflow"},
	}} with input as {"permissions": "write-all", "jobs": {"build": {"permissions": {"contents": "read"}}}}
}

test_job if {
	no_write_all.deny == {{
		"id": "PIPE-006",
		"path": ["jobs", "build", "permissions"],
		"params": {"holder": "build"},
	}} with input as {"jobs": {"build": {"permissions": "write-all"}, "test": {}}}
}

test_silent if {
	every permissions in ["read-all", {}, {"contents": "write"}, null, 5, ["write-all"]] {
		count(no_write_all.deny) == 0 with input as {"permissions": permissions, "jobs": {"build": {"permissions": permissions}}}
	}
}
