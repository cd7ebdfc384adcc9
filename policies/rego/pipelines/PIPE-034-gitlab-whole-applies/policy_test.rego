package idp_assess.pipelines.gitlab_whole_applies_test

import data.idp_assess.pipelines.gitlab_whole_applies

job(more) := {"apply": object.union({"script": ["tofu apply tfplan"]}, more)}

test_interruptible if {
	gitlab_whole_applies.deny == {{
		"id": "PIPE-034",
		"path": ["apply", "interruptible"],
		"params": {"job": "apply", "how": "the next push kills it"},
	}} with input as job({"interruptible": true, "resource_group": "x"})
}

test_no_group_warns if {
	gitlab_whole_applies.warn == {{
		"id": "PIPE-034",
		"path": ["apply"],
		"params": {"job": "apply", "how": "a second pipeline does not wait for it"},
	}} with input as job({})
}

test_silent if {
	every more in [{"resource_group": "x", "interruptible": false}, {"extends": ".apply"}] {
		count(gitlab_whole_applies.deny | gitlab_whole_applies.warn) == 0 with input as job(more)
	}
	count(gitlab_whole_applies.deny | gitlab_whole_applies.warn) == 0 with input as {"plan": {"script": "tofu plan", "interruptible": true}}
}
