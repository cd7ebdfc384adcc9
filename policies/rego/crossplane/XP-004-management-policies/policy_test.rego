package idp_assess.crossplane.management_policies_test

import data.idp_assess.crossplane.management_policies

instance(policies) := {
	"apiVersion": "rds.aws.m.upbound.io/v1beta1", "kind": "Instance", "metadata": {"name": "shop"},
	"spec": {"forProvider": {}, "managementPolicies": policies},
}

composition(policies) := {
	"apiVersion": "apiextensions.crossplane.io/v1", "kind": "Composition", "metadata": {"name": "a"},
	"spec": {"pipeline": [{"input": {"resources": [{"base": instance(policies)}]}}]},
}

test_known if {
	every policies in [["*"], ["Observe"], ["Observe", "Create", "Update", "LateInitialize"], ["{{ policy }}"], "{{ policies }}", null] {
		count(management_policies.deny) == 0 with input as instance(policies)
	}
}

test_wrong if {
	every policies in [[], ["Delete"], ["Create", "Update"], ["Observe", "Destroy"], [5]] {
		{answer.path | some answer in management_policies.deny} == {["spec", "managementPolicies"]} with input as instance(policies)
		count(management_policies.deny) == 1 with input as composition(policies)
	}
}
