package idp_assess.admission.fails_closed_test

import data.idp_assess.admission.fails_closed

policy(kind, version, value) := {"apiVersion": version, "kind": kind, "metadata": {"name": "owner"}, "spec": {"failurePolicy": value}}

test_closed if {
	every value in ["Fail", null, "{{ failurePolicy }}", 5] {
		count(fails_closed.deny) == 0 with input as policy("ValidatingAdmissionPolicy", "admissionregistration.k8s.io/v1", value)
	}
}

test_open if {
	every pair in [["ValidatingAdmissionPolicy", "admissionregistration.k8s.io/v1"], ["ClusterPolicy", "kyverno.io/v1"], ["ValidatingPolicy", "policies.kyverno.io/v1"]] {
		count(fails_closed.deny) == 1 with input as policy(pair[0], pair[1], "Ignore")
	}
}

test_other_kinds_are_silent if {
	count(fails_closed.deny) == 0 with input as policy("MutatingWebhookConfiguration", "admissionregistration.k8s.io/v1", "Ignore")
}
