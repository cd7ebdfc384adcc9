package idp_assess.pipelines.azure_pinned_repositories_test

import data.idp_assess.pipelines.azure_pinned_repositories

using(one) := {"resources": {"repositories": [object.union({"repository": "templates", "name": "a/b"}, one)]}}

found(path) := {{
	"id": "PIPE-041",
	"path": array.concat(["resources", "repositories", 0], path),
	"params": {"repository": "templates"},
	"resource": "templates",
}}

test_another_host if {
	azure_pinned_repositories.deny == found([]) with input as using({"type": "github"})
	azure_pinned_repositories.deny == found(["ref"]) with input as using({"type": "github", "ref": "refs/heads/main"})
}

test_same_organization_warns if {
	azure_pinned_repositories.warn == found(["ref"]) with input as using({"type": "git", "ref": "main"})
}

test_silent if {
	every one in [
		{"type": "github", "ref": "refs/tags/v1"}, {"type": "github", "ref": "0123456789abcdef0123456789abcdef01234567"},
		{"type": "git", "ref": "${{ parameters.ref }}"}, {"type": 5}, {"repository": 5},
	] {
		count(azure_pinned_repositories.deny | azure_pinned_repositories.warn) == 0 with input as using(one)
	}
	count(azure_pinned_repositories.deny) == 0 with input as {"resources": {"repositories": "x"}}
}
