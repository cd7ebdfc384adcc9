# METADATA
# title: Requests go only to a pod that is ready
# description: >-
#   Without a readiness probe a rolling update sends requests to a pod that has just begun to start, and takes the
#   old one away although the new one never works.
# related_resources:
#   - https://kubernetes.io/docs/concepts/workloads/pods/probes/
#   - https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
# custom:
#   id: KUBE-003
#   severity: low
#   reads: kubernetes
#   message: "container {container} serves port {port} and has no readiness probe"
#   fix: "add a `readinessProbe` to container {container}"
package idp_assess.kubernetes.readiness

import data.idp_assess.lib.kubernetes

warn contains {"id": "KUBE-003", "path": container.path, "params": {"container": container.name, "port": port}, "resource": container.name} if {
	input.kind in {"Deployment", "StatefulSet", "Rollout"}
	some container in kubernetes.complete_containers
	container.list == "containers"
	port := min({number | some entry in container.body.ports; number := entry.containerPort; is_number(number); not monitoring(entry)})
	not probed
}

# One container of the pod that is probed decides for the pod.
probed if {
	some container in kubernetes.containers
	container.body.readinessProbe
}

monitoring(entry) if {
	is_string(entry.name)
	regex.match(`metrics|prom|health|monitor|debug|webhook`, entry.name)
}
