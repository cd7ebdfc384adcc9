# METADATA
# title: A container does not run as root
# description: >-
#   Root in the container is root on the node as soon as anything else fails: a kernel bug, a mounted path, a
#   leaked handle. Images that need root are rare.
# related_resources:
#   - https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#   - https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: KUBE-004
#   severity: medium
#   reads: kubernetes
#   message: "container {container} {how}"
#   fix: "set `securityContext.runAsNonRoot: true`, with a `runAsUser` above 0 where the image does not say one"
#   controls:
#     nist-800-53: [AC-6]
package idp_assess.kubernetes.runs_as_root

import data.idp_assess.lib.kubernetes

deny contains {"id": "KUBE-004", "path": array.concat(container.path, ["securityContext", field]), "params": {"container": container.name, "how": how}, "resource": container.name} if {
	some container in kubernetes.containers
	container.list == "containers"
	not kubernetes.node_agent
	[field, how] := root(container.body.securityContext)
}

deny contains {"id": "KUBE-004", "path": array.concat(kubernetes.pod_path, ["securityContext", field]), "params": {"container": "of this pod", "how": how}} if {
	not kubernetes.node_agent
	[field, how] := root(kubernetes.pod.securityContext)
	not every_container_says_otherwise
}

warn contains {"id": "KUBE-004", "path": container.path, "params": {"container": container.name, "how": "may run as root: nothing says otherwise"}, "resource": container.name} if {
	kubernetes.service
	not kubernetes.node_agent
	some container in kubernetes.complete_containers
	container.list == "containers"
	silent(container.body)
	silent(kubernetes.pod)
}

root(context) := ["runAsUser", "runs as user 0"] if {
	context.runAsUser == 0
} else := ["runAsNonRoot", "may run as root: the check is switched off"] if {
	context.runAsNonRoot == false
	not context.runAsUser
}

every_container_says_otherwise if {
	count(kubernetes.pod.containers) > 0
	every container in kubernetes.pod.containers {
		some field in ["runAsNonRoot", "runAsUser"]
		value := container.securityContext[field]
		not value in [0, false]
	}
}

silent(holder) if not said(holder)

# What is no object is filled in later.
said(holder) if is_string(holder.securityContext)

said(holder) if {
	some field in ["runAsNonRoot", "runAsUser"]
	_ = holder.securityContext[field]
}
