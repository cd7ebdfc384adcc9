package idp_assess.kubernetes.privilege_escalation_test

import data.idp_assess.kubernetes.privilege_escalation

deployment(pod) := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "shop", "namespace": "shop"},
	"spec": {"selector": {"matchLabels": {"app": "shop"}}, "template": {"spec": pod}},
}

running(container) := deployment({"containers": [object.union({"name": "shop", "image": "registry.example.org/shop:1.4.2"}, container)]})

at(rest) := array.concat(["spec", "template", "spec", "containers", 0], rest)

context(value) := running({"securityContext": value})

test_forbidden if {
	count(privilege_escalation.deny) == 0 with input as context({"allowPrivilegeEscalation": false})
	count(privilege_escalation.warn) == 0 with input as context({"allowPrivilegeEscalation": false})
}

test_allowed if {
	privilege_escalation.deny == {{
		"id": "KUBE-006", "path": at(["securityContext", "allowPrivilegeEscalation"]),
		"params": {"container": "shop", "how": "allows"}, "resource": "shop",
	}} with input as context({"allowPrivilegeEscalation": true})
}

test_forgotten_in_a_context_that_there_is if {
	count(privilege_escalation.warn) == 1 with input as context({"runAsNonRoot": true})
	count(privilege_escalation.warn) == 0 with input as running({})
	count(privilege_escalation.warn) == 0 with input as context({"privileged": true})
}
