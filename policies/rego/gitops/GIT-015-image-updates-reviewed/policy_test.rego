package idp_assess.gitops.image_updates_reviewed_test

import data.idp_assess.gitops.image_updates_reviewed

automation(git) := {
	"apiVersion": "image.toolkit.fluxcd.io/v1", "kind": "ImageUpdateAutomation", "metadata": {"name": "shop"},
	"spec": {"git": object.union({"checkout": {"ref": {"branch": "main"}}}, git)},
}

test_apart if {
	every push in [{"branch": "image-updates"}, {"refspec": "refs/heads/main:refs/heads/updates"}, {"branch": "main", "refspec": "x"}] {
		count(image_updates_reviewed.warn) == 0 with input as automation({"push": push})
	}
}

test_the_same_branch if {
	image_updates_reviewed.warn == {{
		"id": "GIT-015", "path": ["spec", "git", "push", "branch"], "params": {"name": "shop"},
	}} with input as automation({"push": {"branch": "main"}})
	every git in [{}, {"push": {}}, {"push": 5}] {
		image_updates_reviewed.warn == {{"id": "GIT-015", "path": ["spec", "git"], "params": {"name": "shop"}}} with input as automation(git)
	}
}
