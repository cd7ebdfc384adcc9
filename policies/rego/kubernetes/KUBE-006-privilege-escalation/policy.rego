# METADATA
# title: A process gets no more rights than it was started with
# description: >-
#   With escalation allowed, a setuid binary in the image makes a process root that was started as somebody else.
#   The restricted Pod Security profile refuses the pod.
# related_resources:
#   - https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#   - https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: KUBE-006
#   severity: low
#   reads: kubernetes
#   message: "container {container} {how} privilege escalation"
#   fix: "set `securityContext.allowPrivilegeEscalation: false` on container {container}"
#   controls:
#     nist-800-53: [AC-6]
package idp_assess.kubernetes.privilege_escalation

import data.idp_assess.lib.kubernetes

deny contains {"id": "KUBE-006", "path": array.concat(container.path, ["securityContext", "allowPrivilegeEscalation"]), "params": {"container": container.name, "how": "allows"}, "resource": container.name} if {
	some container in kubernetes.containers
	container.body.securityContext.allowPrivilegeEscalation == true
	not kubernetes.node_agent
}

warn contains {"id": "KUBE-006", "path": array.concat(container.path, ["securityContext"]), "params": {"container": container.name, "how": "does not forbid"}, "resource": container.name} if {
	kubernetes.service
	not kubernetes.node_agent
	some container in kubernetes.complete_containers
	container.list == "containers"
	is_object(container.body.securityContext)
	not said(container.body.securityContext)
}

# Privileged is KUBE-005's, and cannot be set together with it.
said(context) if {
	some field in ["allowPrivilegeEscalation", "privileged"]
	_ = context[field]
}
