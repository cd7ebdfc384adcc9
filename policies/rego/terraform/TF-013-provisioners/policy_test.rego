package idp_assess.terraform.provisioners_test

import data.idp_assess.terraform.provisioners

test_none if count(provisioners.warn) == 0 with input as {"resource": {"aws_instance": {"web": {"user_data": "x"}}}}

test_runs_a_script if {
	every type in ["local-exec", "remote-exec"] {
		provisioners.warn == {{
			"id": "TF-013",
			"path": ["resource", "terraform_data", "migrate", "provisioner", type, 0],
			"params": {"address": "terraform_data.migrate", "type": type},
			"resource": "terraform_data.migrate",
		}} with input as {"resource": {"terraform_data": {"migrate": {"provisioner": {type: [{"command": "./migrate.sh"}]}}}}}
	}
}

test_copies_and_wrong_types_are_silent if {
	every provisioner in [{"file": [{"source": "a"}]}, 5, null, {"local-exec": 5}, []] {
		count(provisioners.warn) == 0 with input as {"resource": {"a": {"b": {"provisioner": provisioner}}}}
	}
}
