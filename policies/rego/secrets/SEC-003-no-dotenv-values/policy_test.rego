package idp_assess.secrets.no_dotenv_values_test

import data.idp_assess.secrets.no_dotenv_values

file(name) := {"name": name, "marks": ["dotenv"]}

test_deployed if {
	every name in [".env", ".env.production", ".env.local", "secrets.env"] {
		no_dotenv_values.deny == {{"id": "SEC-003", "path": [], "params": {"name": name}}} with input as file(name)
	}
}

test_for_development_warns if {
	count(no_dotenv_values.deny) == 0 with input as file(".env.development")
	count(no_dotenv_values.warn) == 1 with input as file(".env.development")
}

test_silent if {
	every name in [".env.example", ".env.sample", ".env.template", ".env.j2", ".env.tpl", "secrets.txt", 5, null] {
		count(no_dotenv_values.deny | no_dotenv_values.warn) == 0 with input as file(name)
	}
	count(no_dotenv_values.deny) == 0 with input as {"name": ".env", "marks": ["dotenv", "encrypted"]}
	count(no_dotenv_values.deny) == 0 with input as {"name": ".env", "marks": []}
}
