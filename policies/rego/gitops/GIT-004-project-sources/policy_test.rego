package idp_assess.gitops.project_sources_test

import data.idp_assess.gitops.project_sources

project(spec) := {"apiVersion": "argoproj.io/v1alpha1", "kind": "AppProject", "metadata": {"name": "shop"}, "spec": spec}

test_listed if {
	every repositories in [["https://git.example.org/shop/*"], [], ["*", "!https://git.example.org/secret"], 5, [5]] {
		count(project_sources.deny) == 0 with input as project({"sourceRepos": repositories})
	}
}

test_any if {
	project_sources.deny == {{"id": "GIT-004", "path": ["spec", "sourceRepos", 0], "params": {"name": "shop"}}} with input as project({"sourceRepos": ["*"]})
}

test_other_kinds_are_silent if {
	count(project_sources.deny) == 0 with input as json.patch(project({"sourceRepos": ["*"]}), [{"op": "replace", "path": "/apiVersion", "value": "v1"}])
}
