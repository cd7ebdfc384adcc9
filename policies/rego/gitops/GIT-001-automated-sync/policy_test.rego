package idp_assess.gitops.automated_sync_test

import data.idp_assess.gitops.automated_sync

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

test_automated if {
	every automated in [healed, {}, {"enabled": true}] {
		count(automated_sync.warn) == 0 with input as application(automated)
		count(automated_sync.warn) == 0 with input as of_set(application(automated))
	}
}

test_by_hand if {
	every automated in [null, {"enabled": false}, 5] {
		automated_sync.warn == {{"id": "GIT-001", "path": ["spec", "syncPolicy"], "params": {}}} with input as application(automated)
		count(automated_sync.warn) == 1 with input as of_set(application(automated))
	}
	automated_sync.warn == {{"id": "GIT-001", "path": ["spec"], "params": {}}} with input as json.remove(application({}), ["/spec/syncPolicy"])
}

test_patches_and_templates_are_silent if {
	count(automated_sync.warn) == 0 with input as json.remove(application(null), ["/spec/destination"])
	count(automated_sync.warn) == 0 with input as application("{{ automated }}")
	count(automated_sync.warn) == 0 with input as json.patch(of_set(application(null)), [{"op": "add", "path": "/spec/templatePatch", "value": "x"}])
}

test_applications_of_others_are_silent if {
	count(automated_sync.warn) == 0 with input as json.patch(application(null), [{"op": "replace", "path": "/apiVersion", "value": "app.k8s.io/v1beta1"}])
}
