package idp_assess.kustomize.remote_refs_test

import data.idp_assess.kustomize.remote_refs

with_base(url) := {"resources": ["deployment.yaml", url]}

denied(url, what) := {{"id": "KUST-001", "path": ["resources", 1], "params": {"field": "resources", "url": address, "what": what}, "resource": address}} if {
	address := split(url, "?")[0]
}

test_pinned if {
	every url in [
		"../../base", "https://github.com/example/a//config?ref=v1.9.0", "https://github.com/example/a/releases/download/v1/install.yaml",
		"https://raw.githubusercontent.com/example/a/v1.2.0/install.yaml", "github.com/example/a?ref=51d462976d84fdea54b47d80dcabbf680badcdb8",
		"https://example.org/install.yaml", "${BASE}", 5, null,
	] {
		count(remote_refs.deny) == 0 with input as with_base(url)
	}
}

test_default_branch if {
	every url in ["https://github.com/example/a//config/default", "github.com/example/a/config", "git@github.com:example/a.git", "https://git.example.org/a.git//config"] {
		{answer.params.what | some answer in remote_refs.deny} == {"its default branch"} with input as with_base(url)
	}
	remote_refs.deny == denied("github.com/example/a/config", "its default branch") with input as with_base("github.com/example/a/config")
}

test_credentials_are_not_told if {
	some answer in remote_refs.deny with input as with_base("https://hunter2@github.com/example/a//b?token=hunter3&ref=main")
	answer.params.url == "github.com/example/a//b"
	not contains(json.marshal(answer), "hunter")
}

test_branch if {
	remote_refs.deny == denied("https://github.com/example/a//b?ref=main", "main") with input as with_base("https://github.com/example/a//b?ref=main")
	remote_refs.deny == denied("https://raw.githubusercontent.com/example/a/master/b.yaml", "a branch") with input as with_base("https://raw.githubusercontent.com/example/a/master/b.yaml")
	count(remote_refs.deny) == 1 with input as with_base("https://github.com/example/a/releases/latest/download/install.yaml")
}
