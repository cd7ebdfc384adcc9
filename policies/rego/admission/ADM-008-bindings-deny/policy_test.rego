package idp_assess.admission.bindings_deny_test

import data.idp_assess.admission.bindings_deny

binding(actions) := {
	"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": "owner"},
	"spec": {"policyName": "owner", "validationActions": actions},
}

test_denies if {
	every actions in [["Deny"], ["Deny", "Audit"], null, "Warn", ["{{ action }}"], [5]] {
		count(bindings_deny.warn) == 0 with input as binding(actions)
	}
}

test_reports if {
	every actions in [["Warn"], ["Audit"], ["Warn", "Audit"], []] {
		bindings_deny.warn == {{"id": "ADM-008", "path": ["spec", "validationActions"], "params": {"name": "owner"}}} with input as binding(actions)
	}
}
