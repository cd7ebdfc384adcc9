package idp_assess.gitops.pruned_test

import data.idp_assess.gitops.pruned

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

kustomization(prune) := {
	"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": {"name": "shop"}, "spec": {"prune": prune},
}

test_pruned if {
	count(pruned.warn) == 0 with input as application(healed)
	count(pruned.warn) == 0 with input as application({"prune": "{{ prune }}"})
	count(pruned.warn) == 0 with input as kustomization(true)
}

test_left if {
	pruned.warn == {{
		"id": "GIT-003", "path": ["spec", "syncPolicy", "automated"], "params": {"kind": "Application", "name": "shop"},
	}} with input as application({"selfHeal": true})
	pruned.warn == {{
		"id": "GIT-003", "path": ["spec", "prune"], "params": {"kind": "Kustomization", "name": "shop"},
	}} with input as kustomization(false)
}

test_nothing_said_is_silent if {
	count(pruned.warn) == 0 with input as application(null)
	count(pruned.warn) == 0 with input as json.remove(kustomization(false), ["/spec/prune"])
}
