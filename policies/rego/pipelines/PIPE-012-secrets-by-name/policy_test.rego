package idp_assess.pipelines.secrets_by_name_test

import data.idp_assess.pipelines.secrets_by_name

calling(uses, secrets) := {"jobs": {"deploy": {"uses": uses, "secrets": secrets}}}

test_all_secrets if {
	every version in ["main", "v2"] {
		secrets_by_name.warn == {{
			"id": "PIPE-012",
			"path": ["jobs", "deploy", "secrets"],
			"params": {"job": "deploy", "called": "example/shared/.github/workflows/deploy.yml"},
		}} with input as calling(concat("@", ["example/shared/.github/workflows/deploy.yml", version]), "inherit")
	}
}

test_silent if {
	pinned := "example/shared/.github/workflows/deploy.yml@0123456789abcdef0123456789abcdef01234567"
	count(secrets_by_name.warn) == 0 with input as calling(pinned, "inherit")
	count(secrets_by_name.warn) == 0 with input as calling("./.github/workflows/deploy.yml", "inherit")
	count(secrets_by_name.warn) == 0 with input as calling("example/shared/.github/workflows/deploy.yml@main", {"TOKEN": "x"})
	count(secrets_by_name.warn) == 0 with input as calling(5, "inherit")
}
