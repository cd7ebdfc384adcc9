package idp_assess.gitops.own_project_test

import data.idp_assess.gitops.own_project

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

in_project(name) := json.patch(application(healed), [{"op": "replace", "path": "/spec/project", "value": name}])

test_own if {
	every name in ["shop", "{{ project }}", 5, null] {
		count(own_project.deny) == 0 with input as in_project(name)
	}
}

test_default if {
	every name in ["default", ""] {
		own_project.deny == {{"id": "GIT-007", "path": ["spec", "project"], "params": {}}} with input as in_project(name)
		own_project.deny == {{"id": "GIT-007", "path": ["spec", "template", "spec", "project"], "params": {}}} with input as of_set(in_project(name))
	}
}
