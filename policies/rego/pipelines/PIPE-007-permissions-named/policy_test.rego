package idp_assess.pipelines.permissions_named_test

import data.idp_assess.pipelines.permissions_named

deploying(more) := {"jobs": {"deploy": object.union({"steps": [{"run": "helm upgrade shop ./chart"}]}, more)}}

found := {{"id": "PIPE-007", "path": ["jobs", "deploy"], "params": {"job": "deploy"}}}

test_nothing_said if {
	permissions_named.warn == found with input as deploying({})
	permissions_named.warn == found with input as {"jobs": {"deploy": {"environment": "production", "steps": []}}}
}

test_silent if {
	count(permissions_named.warn) == 0 with input as deploying({"permissions": {}})
	count(permissions_named.warn) == 0 with input as deploying({"permissions": "read-all"})
	count(permissions_named.warn) == 0 with input as object.union(deploying({}), {"permissions": {"contents": "read"}})
	count(permissions_named.warn) == 0 with input as {"jobs": {"test": {"steps": [{"run": "make test"}, {"run": "kubectl apply --dry-run=client -f x"}]}}}
	count(permissions_named.warn) == 0 with input as {"jobs": [5, null]}
}
