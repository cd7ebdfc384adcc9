package idp_assess.crossplane.deletion_policy_test

import data.idp_assess.crossplane.deletion_policy

instance(version, spec) := {"apiVersion": version, "kind": "Instance", "metadata": {"name": "shop"}, "spec": spec}

test_not_said if count(deletion_policy.deny) == 0 with input as instance("rds.aws.m.upbound.io/v1beta1", {"forProvider": {}})

test_not_obeyed if {
	deletion_policy.deny == {{
		"id": "XP-005", "path": ["spec", "deletionPolicy"], "params": {"kind": "Instance"}, "resource": "spec",
	}} with input as instance("rds.aws.m.upbound.io/v1beta1", {"forProvider": {}, "deletionPolicy": "Orphan"})
}

test_obeyed_by_cluster_wide_kinds if {
	every version in ["rds.aws.upbound.io/v1beta1", "v1", 5] {
		count(deletion_policy.deny) == 0 with input as instance(version, {"forProvider": {}, "deletionPolicy": "Orphan"})
	}
}

test_in_a_composition if {
	count(deletion_policy.deny) == 1 with input as {
		"apiVersion": "apiextensions.crossplane.io/v1", "kind": "Composition", "metadata": {"name": "a"},
		"spec": {"pipeline": [{"input": {"resources": [{"base": instance("rds.aws.m.upbound.io/v1beta1", {"deletionPolicy": "Orphan"})}]}}]},
	}
}
