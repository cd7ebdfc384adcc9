# METADATA
# title: A container has no power over its node
# description: >-
#   A privileged container, or one with SYS_ADMIN, can load modules, mount disks and read every secret of the
#   node: whoever takes it takes the node and all pods on it.
# related_resources:
#   - https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
# custom:
#   id: KUBE-005
#   severity: high
#   reads: kubernetes
#   message: "container {container} has {power}"
#   fix: "remove {power}; grant the one capability or device that is needed"
#   controls:
#     nist-800-53: [AC-6]
package idp_assess.kubernetes.privileged

import data.idp_assess.lib.kubernetes

deny contains {"id": "KUBE-005", "path": array.concat(container.path, ["securityContext", "privileged"]), "params": {"container": container.name, "power": "`privileged: true`"}, "resource": container.name} if {
	some container in kubernetes.containers
	container.body.securityContext.privileged == true
	not kubernetes.node_agent
}

deny contains {"id": "KUBE-005", "path": array.concat(container.path, ["securityContext", "capabilities", "add", i]), "params": {"container": container.name, "power": concat(" ", ["capability", capability])}, "resource": concat("/", [container.name, capability])} if {
	some container in kubernetes.containers
	some i, capability in container.body.securityContext.capabilities.add
	capability in {"ALL", "SYS_ADMIN", "CAP_SYS_ADMIN", "SYS_MODULE", "CAP_SYS_MODULE", "SYS_PTRACE", "BPF"}
	not kubernetes.node_agent
}
