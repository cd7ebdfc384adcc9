package idp_assess.admission.enforced_test

import data.idp_assess.admission.enforced

classic(spec) := {"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": {"name": "owner"}, "spec": spec}

cel(actions) := {
	"apiVersion": "policies.kyverno.io/v1", "kind": "ValidatingPolicy", "metadata": {"name": "owner"}, "spec": {"validationActions": actions},
}

ruled(action) := {"rules": [{"name": "a", "validate": {"failureAction": action}}]}

test_refuses if {
	every spec in [
		ruled("Enforce"), ruled("enforce"), {"validationFailureAction": "Enforce", "rules": [{"validate": {"pattern": {}}}]},
		{"rules": [{"mutate": {}}]}, {"validationFailureAction": "Audit", "validationFailureActionOverrides": [], "rules": [{"validate": {}}]},
		{"rules": [{"validate": {"failureAction": "Audit"}}, {"validate": {"failureAction": "Enforce"}}]},
	] {
		count(enforced.warn) == 0 with input as classic(spec)
	}
	count(enforced.warn) == 0 with input as cel(["Deny", "Audit"])
	count(enforced.warn) == 0 with input as cel(null)
}

test_reports if {
	enforced.warn == {{
		"id": "ADM-001", "path": ["spec", "rules", 0, "validate", "failureAction"], "params": {"name": "owner", "action": "Enforce"},
	}} with input as classic(ruled("Audit"))
	enforced.warn == {{
		"id": "ADM-001", "path": ["spec", "validationActions"], "params": {"name": "owner", "action": "Deny"},
	}} with input as cel(["Audit"])
	every spec in [{"rules": [{"validate": {}}]}, {"validationFailureAction": "audit", "rules": [{"validate": {}}]}] {
		count(enforced.warn) == 1 with input as classic(spec)
	}
}

test_other_kinds_are_silent if {
	count(enforced.warn) == 0 with input as json.patch(classic(ruled("Audit")), [{"op": "replace", "path": "/apiVersion", "value": "iam.example.org/v1"}])
}
