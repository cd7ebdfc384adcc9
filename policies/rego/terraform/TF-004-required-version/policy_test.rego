package idp_assess.terraform.required_version_test

import data.idp_assess.terraform.required_version

root := {"terraform": [{"required_version": "~> 1.11", "backend": {"s3": [{}]}}]}

test_stated if {
	every version in ["~> 1.11", ">= 1.5", "1.11.4", ">= 1.5, < 2.0"] {
		count(required_version.deny) == 0 with input as json.patch(root, [{"op": "replace", "path": "/terraform/0/required_version", "value": version}])
	}
}

test_missing if {
	required_version.deny == {{"id": "TF-004", "path": ["terraform", 0, "backend", "s3", 0], "params": {}}} with input as json.remove(root, ["/terraform/0/required_version"])
}

test_stated_in_another_block if {
	count(required_version.deny) == 0 with input as {"terraform": [{"backend": {"s3": [{}]}}, {"required_version": "~> 1.11"}]}
}

test_says_nothing if {
	every version in ["", "*", ">= 0", 5] {
		count(required_version.deny) == 1 with input as json.patch(root, [{"op": "replace", "path": "/terraform/0/required_version", "value": version}])
	}
}

test_cloud if count(required_version.deny) == 1 with input as {"terraform": [{"cloud": [{"organization": "o"}]}]}

test_modules_are_silent if count(required_version.deny) == 0 with input as {"terraform": [{}], "resource": {}}
