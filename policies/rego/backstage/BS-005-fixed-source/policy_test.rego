package idp_assess.backstage.fixed_source_test

import data.idp_assess.backstage.fixed_source

template(field, url) := {
	"kind": "Template",
	"spec": {
		"parameters": {"properties": {"source": field}},
		"steps": [{"name": "Fetch", "action": "fetch:plain", "input": {"url": url}}],
	},
}

test_free_text if {
	every url in ["${{ parameters.source }}", "https://${{ parameters.source }}/shop/skeleton"] {
		fixed_source.deny == {{
			"id": "BS-005",
			"path": ["spec", "steps", 0, "input", "url"],
			"params": {"step": "Fetch"},
			"resource": "Fetch",
		}} with input as template({"type": "string"}, url)
	}
}

test_silent if {
	every url in ["./skeleton", "https://github.com/acme/${{ parameters.source }}", "${{ steps.x.output.url }}", "", 5, null] {
		count(fixed_source.deny) == 0 with input as template({"type": "string"}, url)
	}
	count(fixed_source.deny) == 0 with input as template({"type": "string", "enum": ["./a", "./b"]}, "${{ parameters.source }}")
	count(fixed_source.deny) == 0 with input as template({"type": "boolean"}, "${{ parameters.source }}")
}
