package idp_assess.gitops.self_heal_test

import data.idp_assess.gitops.self_heal

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

test_healed if {
	every heal in [true, "{{ heal }}"] {
		count(self_heal.deny) == 0 with input as application({"selfHeal": heal})
	}
}

test_stays if {
	self_heal.deny == {{"id": "GIT-002", "path": ["spec", "syncPolicy", "automated"], "params": {}}} with input as application({"prune": true})
	every heal in [false, null, 5] {
		self_heal.deny == {{"id": "GIT-002", "path": ["spec", "syncPolicy", "automated", "selfHeal"], "params": {}}} with input as application({"selfHeal": heal})
	}
	count(self_heal.deny) == 1 with input as of_set(application({}))
}

test_by_hand_is_another_policys if {
	every automated in [null, {"enabled": false}, 5] {
		count(self_heal.deny) == 0 with input as application(automated)
	}
}
