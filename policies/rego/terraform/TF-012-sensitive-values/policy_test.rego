package idp_assess.terraform.sensitive_values_test

import data.idp_assess.terraform.sensitive_values

test_marked if {
	every body in [{"type": "${string}", "sensitive": true}, {"type": "${string}", "ephemeral": true}, {"type": "${bool}"}, {"type": "${object({name = string})}"}] {
		count(sensitive_values.deny) == 0 with input as {"variable": {"db_password": body}}
	}
}

test_variable if {
	every body in [{}, {"type": "${string}"}, {"type": "${string}", "sensitive": false}] {
		sensitive_values.deny == {{
			"id": "TF-012",
			"path": ["variable", "db_password"],
			"params": {"kind": "variable", "name": "db_password"},
			"resource": "variable.db_password",
		}} with input as {"variable": {"db_password": body}}
	}
}

test_output if {
	count(sensitive_values.deny) == 1 with input as {"output": {"api_token": {"value": "${thing.main.token}"}}}
	every value in ["${aws_secretsmanager_secret.db.arn}", "${aws_ssm_parameter.db.name}", "${aws_iam_access_key.bot.encrypted_secret}", null] {
		count(sensitive_values.deny) == 0 with input as {"output": {"db_password": {"value": value}}}
	}
}

test_names_that_are_no_credential if {
	every name in ["password_length", "token_url", "secret_name", "db_password_arn", "public_key"] {
		count(sensitive_values.deny) == 0 with input as {"variable": {name: {"type": "${string}"}}}
	}
}
