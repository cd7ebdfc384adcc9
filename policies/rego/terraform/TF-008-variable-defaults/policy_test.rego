package idp_assess.terraform.variable_defaults_test

import data.idp_assess.terraform.variable_defaults

variable(value) := {"variable": {"db_password": {"type": "string", "default": value}}}

test_no_credential if {
	every value in [null, "", "changeme", "${x}", {}, 5, "/shop/db/password", "shop-db-password"] {
		count(variable_defaults.deny) == 0 with input as variable(value)
	}
	count(variable_defaults.deny) == 0 with input as {"variable": {"db_password": {"type": "string"}}}
}

test_default if {
	variable_defaults.deny == {{
		"id": "TF-008",
		"path": ["variable", "db_password", "default"],
		"params": {"variable": "db_password"},
		"resource": "db_password",
	}} with input as variable("Tr0ub4dor&3")
}

test_other_variables_are_silent if {
	every name in ["password_length", "region", "secret_name"] {
		count(variable_defaults.deny) == 0 with input as {"variable": {name: {"default": "Tr0ub4dor&3"}}}
	}
}
