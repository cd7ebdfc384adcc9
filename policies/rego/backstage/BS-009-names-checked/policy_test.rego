package idp_assess.backstage.names_checked_test

import data.idp_assess.backstage.names_checked

template(field, url) := {
	"kind": "Template",
	"spec": {
		"parameters": [{"properties": {"name": field}}],
		"steps": [{"id": "publish", "action": "publish:github", "input": {"repoUrl": url}}],
	},
}

url := "github.com?owner=acme&repo=${{ parameters.name }}"

test_any_text if {
	names_checked.warn == {{
		"id": "BS-009",
		"path": ["spec", "parameters", 0, "properties", "name"],
		"params": {"name": "name"},
		"resource": "",
	}} with input as template({"type": "string", "maxLength": 20}, url)
}

test_silent if {
	count(names_checked.warn) == 0 with input as template({"type": "string", "pattern": "^[a-z-]+$"}, url)
	count(names_checked.warn) == 0 with input as template({"type": "string", "ui:field": "EntityNamePicker"}, url)
	count(names_checked.warn) == 0 with input as template({"type": "string"}, "github.com?owner=acme&repo=shop")
	count(names_checked.warn) == 0 with input as template({"type": "string"}, 5)
}
