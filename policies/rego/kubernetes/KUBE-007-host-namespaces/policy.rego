# METADATA
# title: A pod keeps to its own network and processes
# description: >-
#   On the host's network a pod passes every network policy and reaches what listens on the node's loopback; in
#   the host's process space it sees, and can end, what runs there.
# related_resources:
#   - https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - https://kubernetes.io/docs/concepts/security/pod-security-admission/
# custom:
#   id: KUBE-007
#   severity: high
#   reads: kubernetes
#   message: "this pod shares {field} with its node"
#   fix: "remove {field}; expose ports by a Service, or make it a DaemonSet where it is an agent of the node"
#   controls:
#     nist-800-53: [AC-6, SC-7]
package idp_assess.kubernetes.host_namespaces

import data.idp_assess.lib.kubernetes

deny contains {"id": "KUBE-007", "path": array.concat(kubernetes.pod_path, [field]), "params": {"field": field}} if {
	some field in ["hostNetwork", "hostPID", "hostIPC"]
	kubernetes.pod[field] == true
	not kubernetes.node_agent
	not kubernetes.system_namespaced
}
