package idp_assess.gitops.not_suspended_test

import data.idp_assess.gitops.not_suspended

release(suspend) := {
	"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": {"name": "shop"}, "spec": {"suspend": suspend},
}

test_reconciled if {
	every suspend in [false, null, "${SUSPEND}"] {
		count(not_suspended.deny) == 0 with input as release(suspend)
	}
}

test_suspended if {
	not_suspended.deny == {{"id": "GIT-011", "path": ["spec", "suspend"], "params": {"kind": "Kustomization", "name": "shop"}}} with input as release(true)
}

test_other_kinds_are_silent if {
	every change in [{"path": "/kind", "value": "CronJob"}, {"path": "/apiVersion", "value": "batch/v1"}] {
		count(not_suspended.deny) == 0 with input as json.patch(release(true), [object.union({"op": "replace"}, change)])
	}
}
