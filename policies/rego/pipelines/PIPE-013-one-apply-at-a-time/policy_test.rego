package idp_assess.pipelines.one_apply_at_a_time_test

import data.idp_assess.pipelines.one_apply_at_a_time

applying(more) := {"jobs": {"apply": object.union({"steps": [{"run": "terraform apply tfplan"}]}, more)}}

test_without_a_group if {
	one_apply_at_a_time.warn == {{"id": "PIPE-013", "path": ["jobs", "apply"], "params": {"job": "apply"}}} with input as applying({})
}

test_silent if {
	count(one_apply_at_a_time.warn) == 0 with input as applying({"concurrency": "infra"})
	count(one_apply_at_a_time.warn) == 0 with input as applying({"concurrency": {"group": "infra"}})
	count(one_apply_at_a_time.warn) == 0 with input as object.union(applying({}), {"concurrency": "infra"})
	count(one_apply_at_a_time.warn) == 0 with input as {"jobs": {"plan": {"steps": [{"run": "terraform plan"}]}}}
	count(one_apply_at_a_time.warn) == 0 with input as {"jobs": "x"}
}
