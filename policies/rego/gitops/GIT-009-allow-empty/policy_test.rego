package idp_assess.gitops.allow_empty_test

import data.idp_assess.gitops.allow_empty

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

test_kept if {
	every automated in [healed, {"prune": true, "allowEmpty": false}, {"allowEmpty": true}, {"prune": true, "allowEmpty": "true"}] {
		count(allow_empty.deny) == 0 with input as application(automated)
	}
}

test_emptied if {
	allow_empty.deny == {{
		"id": "GIT-009", "path": ["spec", "syncPolicy", "automated", "allowEmpty"], "params": {},
	}} with input as application({"prune": true, "allowEmpty": true})
	count(allow_empty.deny) == 1 with input as of_set(application({"prune": true, "allowEmpty": true}))
}
