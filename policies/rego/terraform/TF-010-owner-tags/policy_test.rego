package idp_assess.terraform.owner_tags_test

import data.idp_assess.terraform.owner_tags

root := {
	"provider": {"aws": [{"region": "eu-central-1"}]},
	"resource": {"aws_vpc": {"shop": {"cidr_block": "10.0.0.0/16"}}},
}

test_untagged if {
	owner_tags.warn == {{
		"id": "TF-010",
		"path": ["resource", "aws_vpc", "shop"],
		"params": {"address": "aws_vpc.shop"},
		"resource": "aws_vpc.shop",
	}} with input as root
}

test_tagged if {
	every tags in [{"owner": "a"}, "${local.tags}"] {
		count(owner_tags.warn) == 0 with input as json.patch(root, [{"op": "add", "path": "/resource/aws_vpc/shop/tags", "value": tags}])
	}
}

test_default_tags if {
	count(owner_tags.warn) == 0 with input as json.patch(root, [{"op": "add", "path": "/provider/aws/0/default_tags", "value": [{"tags": {"owner": "a"}}]}])
}

test_modules_get_the_tags_of_their_caller if count(owner_tags.warn) == 0 with input as {"resource": root.resource}
