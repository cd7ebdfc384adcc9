package idp_assess.admission.constraints_deny_test

import data.idp_assess.admission.constraints_deny

constraint(action) := {
	"apiVersion": "constraints.gatekeeper.sh/v1beta1", "kind": "K8sRequiredLabels", "metadata": {"name": "owner"},
	"spec": {"enforcementAction": action},
}

test_denies if {
	every action in ["deny", "scoped", null, "{{ action }}", 5] {
		count(constraints_deny.warn) == 0 with input as constraint(action)
	}
}

test_reports if {
	every action in ["dryrun", "warn"] {
		constraints_deny.warn == {{
			"id": "ADM-006", "path": ["spec", "enforcementAction"], "params": {"name": "owner", "action": action},
		}} with input as constraint(action)
	}
}

test_other_kinds_are_silent if {
	count(constraints_deny.warn) == 0 with input as json.patch(constraint("dryrun"), [{"op": "replace", "path": "/apiVersion", "value": "example.org/v1"}])
}
