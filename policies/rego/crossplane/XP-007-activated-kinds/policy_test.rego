package idp_assess.crossplane.activated_kinds_test

import data.idp_assess.crossplane.activated_kinds

activating(patterns) := {
	"apiVersion": "apiextensions.crossplane.io/v1alpha1", "kind": "ManagedResourceActivationPolicy", "metadata": {"name": "a"},
	"spec": {"activate": patterns},
}

test_listed if {
	every patterns in [["instances.rds.aws.m.upbound.io"], ["*.s3.aws.m.upbound.io"], [], 5, [5]] {
		count(activated_kinds.warn) == 0 with input as activating(patterns)
	}
}

test_all if {
	activated_kinds.warn == {{"id": "XP-007", "path": ["spec", "activate", 1], "params": {}}} with input as activating(["a.example.org", "*"])
}
