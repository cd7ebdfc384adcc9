package idp_assess.backstage.pinned_source_test

import data.idp_assess.backstage.pinned_source

template(url) := {"kind": "Template", "spec": {"steps": [{"id": "fetch", "action": "fetch:template", "input": {"url": url}}]}}

test_branch if {
	every url in [
		"https://github.com/acme/skeletons/tree/main/go", "https://gitlab.example.org/a/b/c/-/tree/master",
		"https://github.com/acme/skeletons/blob/HEAD/x.yaml",
	] {
		pinned_source.deny == {{
			"id": "BS-006",
			"path": ["spec", "steps", 0, "input", "url"],
			"params": {"step": "fetch"},
			"resource": "fetch",
		}} with input as template(url)
	}
}

test_silent if {
	every url in [
		"./skeleton", "https://github.com/acme/skeletons/tree/v1.2.0/go", "https://github.com/acme/skeletons", "", 5, null,
		"https://github.com/acme/skeletons/tree/${{ parameters.branch }}/go",
	] {
		count(pinned_source.deny) == 0 with input as template(url)
	}
}
