package idp_assess.terraform.literal_secrets_test

import data.idp_assess.terraform.literal_secrets

database(password) := {"resource": {"aws_db_instance": {"shop": {"engine": "postgres", "password": password}}}}

test_from_elsewhere if {
	every value in [
		"${var.password}", "", null, "${random_password.db.result}", "CHANGEME", "<password>", "/shop/db/password",
		"arn:aws:secretsmanager:eu-central-1:1:secret:db", "shop-db-password", 5, ["Tr0ub4dor&3"],
	] {
		count(literal_secrets.deny) == 0 with input as database(value)
	}
}

test_literal if {
	literal_secrets.deny == {{
		"id": "TF-007",
		"path": ["resource", "aws_db_instance", "shop", "password"],
		"params": {"address": "aws_db_instance.shop", "argument": "password"},
		"resource": "aws_db_instance.shop",
	}} with input as database("Tr0ub4dor&3")
}

test_nested_and_in_modules if {
	count(literal_secrets.deny) == 1 with input as {"module": {"db": {"source": "./db", "users": [{"name": "a", "admin_password": "Tr0ub4dor&3"}]}}}
}

test_other_arguments_are_silent if {
	every name in ["password_length", "secret_name", "token_ttl", "public_key", "random_password", "update_token"] {
		count(literal_secrets.deny) == 0 with input as {"resource": {"a": {"b": {name: "Tr0ub4dor&3"}}}}
	}
}
