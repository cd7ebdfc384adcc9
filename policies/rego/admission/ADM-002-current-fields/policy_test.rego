package idp_assess.admission.current_fields_test

import data.idp_assess.admission.current_fields

policy(spec) := {"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": {"name": "owner"}, "spec": spec}

test_current if {
	every spec in [{"rules": [{"validate": {"failureAction": "Enforce"}}]}, {}, 5, ["validationFailureAction"]] {
		count(current_fields.deny) == 0 with input as policy(spec)
	}
}

test_deprecated if {
	every field in ["validationFailureAction", "validationFailureActionOverrides", "generateExistingOnPolicyUpdate"] {
		{answer.path | some answer in current_fields.deny} == {["spec", field]} with input as policy({field: "Enforce"})
	}
}
