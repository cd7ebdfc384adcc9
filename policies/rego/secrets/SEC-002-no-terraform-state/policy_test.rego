package idp_assess.secrets.no_terraform_state_test

import data.idp_assess.secrets.no_terraform_state

test_state if {
	no_terraform_state.deny == {{
		"id": "SEC-002",
		"path": [],
		"params": {"name": "terraform.tfstate"},
	}} with input as {"name": "terraform.tfstate", "marks": ["terraform-state"]}
}

test_silent if {
	every marks in [[], ["encrypted", "terraform-state"], null, 5] {
		count(no_terraform_state.deny) == 0 with input as {"name": "terraform.tfstate", "marks": marks}
	}
}
