package idp_assess.admission.policies_bound_test

import data.idp_assess.admission.policies_bound

policy := {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy", "metadata": {"name": "owner"}}

binding(name) := {
	"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": "b"},
	"spec": {"policyName": name},
}

test_bound if count(policies_bound.warn) == 0 with input as {"objects": [policy, binding("owner")]}

test_not_bound if {
	every objects in [[policy], [policy, binding("other")], [policy, 5, null]] {
		policies_bound.warn == {{
			"id": "ADM-007", "path": ["objects", 0, "metadata", "name"], "params": {"name": "owner"}, "resource": "owner",
		}} with input as {"objects": objects}
	}
}

test_templates_are_silent if {
	count(policies_bound.warn) == 0 with input as {"objects": [json.patch(policy, [{"op": "replace", "path": "/metadata/name", "value": "{{ name }}"}])]}
}
