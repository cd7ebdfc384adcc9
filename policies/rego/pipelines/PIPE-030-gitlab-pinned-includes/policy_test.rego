package idp_assess.pipelines.gitlab_pinned_includes_test

import data.idp_assess.pipelines.gitlab_pinned_includes

including(include) := {"include": include, "build": {"script": ["make"]}}

found(path, what) := {{"id": "PIPE-030", "path": path, "params": {"what": what}, "resource": what}}

test_address if {
	gitlab_pinned_includes.deny == found(["include", 0, "remote"], "example.org/ci.yml") with input as including([{"remote": "https://example.org/ci.yml"}])
	gitlab_pinned_includes.deny == found(["include", "remote"], "example.org/ci.yml") with input as including("https://example.org/ci.yml")
}

test_component if {
	gitlab_pinned_includes.deny == found(["include", 0, "component"], "$CI_SERVER_FQDN/tools/scan/sast") with input as including([{"component": "$CI_SERVER_FQDN/tools/scan/sast@~latest"}])
}

test_project_warns if {
	every include in [{"project": "tools/ci", "file": "a.yml"}, {"project": "tools/ci", "ref": "main"}] {
		gitlab_pinned_includes.warn == found(["include", 0, "project"], "tools/ci") with input as including([include])
	}
}

test_silent if {
	every include in [
		{"remote": "https://example.org/ci.yml", "integrity": "sha256-x"}, {"project": "tools/ci", "ref": "v1.2.0"}, {"component": "x/y@1.2.0"},
		{"remote": "https://gitlab.com/a/b/-/raw/v1.2.0/ci.yml"}, {"local": "/a.yml"}, {"template": "Security/SAST.gitlab-ci.yml"}, "/a.yml", 5, null,
		{"project": "tools/ci", "ref": "$VERSION"}, {"remote": 5}, {"project": "${GROUP}/ci"},
	] {
		count(gitlab_pinned_includes.deny | gitlab_pinned_includes.warn) == 0 with input as including([include])
		count(gitlab_pinned_includes.deny) == 0 with input as including(include)
	}
	count(gitlab_pinned_includes.deny) == 0 with input as 5
}
