package idp_assess.terraform.fetched_content_test

import data.idp_assess.terraform.fetched_content

fetched(url) := {"data": {"http": {"policy": {"url": url}}}}

test_pinned if {
	every url in [
		"https://raw.githubusercontent.com/acme/x/v2.4.0/policy.json", "https://example.org/policy.json", "${var.url}", 5, null,
		"http://169.254.169.254/latest/meta-data", "https://raw.githubusercontent.com/acme/main/v1/policy.json",
	] {
		count(fetched_content.deny) == 0 with input as fetched(url)
	}
}

test_plain_http if {
	fetched_content.deny == {{
		"id": "TF-014",
		"path": ["data", "http", "policy", "url"],
		"params": {"name": "policy", "what": "over plain http"},
		"resource": "data.http.policy",
	}} with input as fetched("http://example.org/policy.json")
}

test_branch if {
	every url in [
		"https://raw.githubusercontent.com/acme/x/main/policy.json", "https://raw.githubusercontent.com/acme/x/refs/heads/master/policy.json",
		"https://github.com/acme/x/raw/main/policy.json", "https://gitlab.example.org/acme/x/-/raw/main/policy.json",
	] {
		count(fetched_content.deny) == 1 with input as fetched(url)
	}
}
