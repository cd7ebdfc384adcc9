package idp_assess.kubernetes.pod_security_test

import data.idp_assess.kubernetes.pod_security

named(name, labels) := {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}

label := "pod-security.kubernetes.io/enforce"

test_labelled if {
	every level in ["restricted", "baseline"] {
		count(pod_security.warn) == 0 with input as named("shop", {label: level})
	}
}

test_privileged if {
	pod_security.warn == {{
		"id": "KUBE-015", "path": ["metadata", "labels", label], "params": {"name": "shop", "how": "lets privileged pods in"},
	}} with input as named("shop", {label: "privileged"})
	count(pod_security.warn) == 0 with input as named("rook-ceph", {label: "privileged"})
}

test_without_label_warns if {
	every labels in [{}, null, 5, {"team": "shop"}] {
		count(pod_security.warn) == 1 with input as named("shop", labels)
	}
}

test_system_and_templates_are_silent if {
	every name in ["kube-system", "cert-manager", "{{ .Values.namespace }}", 5] {
		count(pod_security.warn) == 0 with input as named(name, {})
	}
}
