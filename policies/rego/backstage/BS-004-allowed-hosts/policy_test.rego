package idp_assess.backstage.allowed_hosts_test

import data.idp_assess.backstage.allowed_hosts

template(field, step) := {"kind": "Template", "spec": {"parameters": [{"properties": {"repo": field}}], "steps": [{"action": "fetch:template"}, step]}}

publish(url) := {"id": "publish", "action": "publish:github", "input": {"repoUrl": url}}

test_picker_without_hosts if {
	every options in [null, {}, {"allowedHosts": []}, {"allowedOwners": ["shop"]}] {
		allowed_hosts.deny == {{
			"id": "BS-004",
			"path": ["spec", "parameters", 0, "properties", "repo"],
			"params": {"what": "repo"},
			"resource": "",
		}} with input as template({"type": "string", "ui:field": "RepoUrlPicker", "ui:options": options}, {})
	}
}

test_typed_host if {
	every url in ["${{ parameters.repo }}?owner=a&repo=b", "${{parameters.repo}}"] {
		allowed_hosts.deny == {{
			"id": "BS-004",
			"path": ["spec", "parameters", 0, "properties", "repo"],
			"params": {"what": "repo"},
			"resource": "",
		}} with input as template({"type": "string"}, publish(url))
	}
}

test_silent if {
	good := {"type": "string", "ui:field": "RepoUrlPicker", "ui:options": {"allowedHosts": ["github.com"]}}
	count(allowed_hosts.deny) == 0 with input as template(good, publish("${{ parameters.repo }}"))
	count(allowed_hosts.deny) == 0 with input as template({"type": "string"}, publish("github.com?owner=a&repo=${{ parameters.repo }}"))
	count(allowed_hosts.deny) == 0 with input as template({"type": "string", "enum": ["github.com"]}, publish("${{ parameters.repo }}?owner=a"))
	count(allowed_hosts.deny) == 0 with input as template({"type": "string"}, {"action": "publish:github", "input": {"repoUrl": 5}})
	count(allowed_hosts.deny) == 0 with input as {"kind": "Component", "spec": {"parameters": [{"properties": {"repo": {"ui:field": "RepoUrlPicker"}}}]}}
}
