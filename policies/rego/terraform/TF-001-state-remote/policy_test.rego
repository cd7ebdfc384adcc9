package idp_assess.terraform.state_remote_test

import data.idp_assess.terraform.state_remote

root := {
	"terraform": [{"backend": {"s3": [{"bucket": "b", "key": "k"}]}}],
	"provider": {"aws": [{"region": "eu-central-1"}]},
	"resource": {"aws_s3_bucket": {"logs": {"bucket": "logs"}}},
}

with_backend(type) := json.patch(root, [{"op": "replace", "path": "/terraform/0/backend", "value": {type: [{}]}}])

test_remote if {
	every type in ["s3", "gcs", "azurerm", "http", "pg", "remote"] {
		count(state_remote.deny) == 0 with input as with_backend(type)
		count(state_remote.warn) == 0 with input as with_backend(type)
	}
}

test_local_is_denied if {
	state_remote.deny == {{
		"id": "TF-001",
		"path": ["terraform", 0, "backend", "local", 0],
		"params": {"why": "backend local"},
	}} with input as with_backend("local")
}

test_no_backend_warns if {
	state_remote.warn == {{
		"id": "TF-001",
		"path": ["provider", "aws", 0],
		"params": {"why": "no backend"},
	}} with input as json.remove(root, ["/terraform"])
}

test_cloud_keeps_state if {
	count(state_remote.warn) == 0 with input as json.patch(root, [{"op": "replace", "path": "/terraform", "value": [{"cloud": [{"organization": "o"}]}]}])
}

test_a_module_that_others_call_is_silent if {
	every provider in [{"aws": [{"region": "${var.region}"}]}, {"aws": [{}]}, {}] {
		count(state_remote.warn) == 0 with input as {"provider": provider, "resource": root.resource}
	}
}
