package idp_assess.gitops.templated_project_test

import data.idp_assess.gitops.templated_project

application(automated) := {
	"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "shop"},
	"spec": {
		"project": "shop", "source": {"repoURL": "https://git.example.org/shop.git", "path": "a"},
		"destination": {"namespace": "shop"}, "syncPolicy": {"automated": automated},
	},
}

of_set(app) := {
	"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "metadata": {"name": "shop"},
	"spec": {"generators": [], "template": {"spec": app.spec}},
}

healed := {"prune": true, "selfHeal": true}

by(generator, project) := {
	"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "metadata": {"name": "shop"},
	"spec": {"generators": [generator], "template": {"spec": {"project": project}}},
}

test_named if {
	every project in ["shop", 5, null] {
		count(templated_project.deny) == 0 with input as by({"git": {"repoURL": "x"}}, project)
	}
}

test_from_files if {
	every generator in [{"git": {"files": []}}, {"matrix": {"generators": [{"git": {}}, {"clusters": {}}]}}] {
		templated_project.deny == {{
			"id": "GIT-010", "path": ["spec", "template", "spec", "project"], "params": {"generator": "git"},
		}} with input as by(generator, "{{.project}}")
	}
}

test_from_the_set_itself if {
	every generator in [{"list": {"elements": []}}, {"clusters": {}}, 5] {
		count(templated_project.deny) == 0 with input as by(generator, "{{.project}}")
	}
}
