package idp_assess.pipelines.pinned_actions_test

import data.idp_assess.pipelines.pinned_actions

using(text) := {"jobs": {"scan": {"steps": [{"run": "make"}, {"name": "Scan", "uses": text}]}}}

test_tag if {
	pinned_actions.deny == {{
		"id": "PIPE-001",
		"path": ["jobs", "scan", "steps", 1, "uses"],
		"params": {"action": "example/scan", "version": "v3"},
		"resource": "Scan",
	}} with input as using("example/scan@v3")
}

test_other_tags if {
	every text in ["example/scan@v3.1.4", "example/scan/deep@v1", "example/scan@abc1234", "Example/.github@2024-01"] {
		count(pinned_actions.deny) == 1 with input as using(text)
	}
}

test_called_workflow_only_warns if {
	pinned_actions.warn == {{
		"id": "PIPE-001",
		"path": ["jobs", "call", "uses"],
		"params": {"action": "example/shared/.github/workflows/build.yml", "version": "v2"},
		"resource": "",
	}} with input as {"jobs": {"call": {"uses": "example/shared/.github/workflows/build.yml@v2"}}}
}

test_silent if {
	every text in [
		"example/scan@0123456789abcdef0123456789abcdef01234567", "actions/checkout@v5", "github/codeql-action/init@v3",
		"./.github/actions/scan", "docker://example/scan:1", "example/scan@${{ inputs.version }}", "example/scan@main",
		"", 5, null, {"uses": "example/scan@v3"},
	] {
		count(pinned_actions.deny | pinned_actions.warn) == 0 with input as using(text)
	}
}
