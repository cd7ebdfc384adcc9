package idp_assess.terraform.provider_versions_test

import data.idp_assess.terraform.provider_versions

root := {
	"terraform": [{"required_providers": [{"aws": {"source": "hashicorp/aws", "version": "~> 6.0"}}]}],
	"provider": {"aws": [{"region": "eu-central-1"}]},
}

test_constrained if count(provider_versions.deny) == 0 with input as root

test_source_alone if {
	provider_versions.deny == {{
		"id": "TF-003",
		"path": ["terraform", 0, "required_providers", 0, "aws"],
		"params": {"provider": "aws"},
	}} with input as json.remove(root, ["/terraform/0/required_providers/0/aws/version"])
}

test_not_named if {
	provider_versions.deny == {{
		"id": "TF-003",
		"path": ["provider", "aws", 0],
		"params": {"provider": "aws"},
	}} with input as json.remove(root, ["/terraform"])
}

test_old_ways_to_constrain if {
	count(provider_versions.deny) == 0 with input as {"provider": {"aws": [{"region": "x", "version": "~> 2.0"}]}}
	count(provider_versions.deny) == 0 with input as {"terraform": [{"required_providers": [{"aws": "~> 2.0"}]}], "provider": {"aws": [{"region": "x"}]}}
}

test_modules_are_constrained_by_their_callers if {
	count(provider_versions.deny) == 0 with input as {"terraform": [{"required_providers": [{"aws": {"source": "hashicorp/aws"}}]}]}
}
