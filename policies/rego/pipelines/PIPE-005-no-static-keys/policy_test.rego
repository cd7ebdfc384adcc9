package idp_assess.pipelines.no_static_keys_test

import data.idp_assess.pipelines.no_static_keys

key := "${{ secrets.KEY }}"

test_action if {
	step := {"id": "aws", "uses": "aws-actions/configure-aws-credentials@v5", "with": {"aws-secret-access-key": key}}
	no_static_keys.deny == {{
		"id": "PIPE-005",
		"path": ["jobs", "apply", "steps", 0, "with", "aws-secret-access-key"],
		"params": {"cloud": "AWS", "key": "aws-secret-access-key"},
		"resource": "aws",
	}} with input as {"jobs": {"apply": {"steps": [step]}}}
}

test_other_actions if {
	every uses, name in {
		"google-github-actions/auth@v3": "credentials_json", "Azure/login@v2": "creds",
		"google-github-actions/setup-gcloud@v0": "service_account_key",
	} {
		count(no_static_keys.deny) == 1 with input as {"jobs": {"apply": {"steps": [{"uses": uses, "with": {name: key}}]}}}
	}
}

test_variables if {
	no_static_keys.deny == {{
		"id": "PIPE-005",
		"path": ["jobs", "apply", "env", "ARM_CLIENT_SECRET"],
		"params": {"cloud": "Azure", "key": "ARM_CLIENT_SECRET"},
		"resource": "",
	}} with input as {"jobs": {"apply": {"env": {"ARM_CLIENT_SECRET": key}}}}
	count(no_static_keys.deny) == 1 with input as {"env": {"AWS_SECRET_ACCESS_KEY": key}}
	count(no_static_keys.deny) == 1 with input as {"jobs": {"apply": {"steps": [{"env": {"GOOGLE_CREDENTIALS": key}}]}}}
}

test_silent if {
	every env in [
		{"AWS_SECRET_ACCESS_KEY": "${{ steps.login.outputs.key }}"}, {"AWS_SECRET_ACCESS_KEY": key, "AWS_ENDPOINT_URL": "https://s3.example.org"},
		{"AWS_SECRET_ACCESS_KEY": key, "AWS_SESSION_TOKEN": "x"}, {"ARM_CLIENT_ID": key}, {"ARM_CLIENT_SECRET": 5}, null, "x", ["x"],
	] {
		count(no_static_keys.deny) == 0 with input as {"env": env}
	}
	every step in [
		{"uses": "aws-actions/configure-aws-credentials@v5", "with": {"role-to-assume": "x"}},
		{"uses": "aws-actions/configure-aws-credentials@v5", "with": {"aws-secret-access-key": "${{ steps.login.outputs.key }}"}},
		{"uses": 5, "with": {"creds": key}}, {"uses": "azure/login@v2", "with": key}, 5, null,
	] {
		count(no_static_keys.deny) == 0 with input as {"jobs": {"apply": {"steps": [step]}}}
	}
}
