# METADATA
# title: A container cannot take the memory of its node
# description: >-
#   Memory cannot be throttled: a container without a limit that leaks takes the node down, with everybody else's
#   pods on it. Requests decide where it fits.
# related_resources:
#   - https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
#   - https://kubernetes.io/docs/tasks/configure-pod-container/assign-memory-resource/
# custom:
#   id: KUBE-001
#   severity: medium
#   reads: kubernetes
#   message: "container {container} has no memory limit"
#   fix: "set `resources.limits.memory` of container {container}"
#   controls:
#     nist-800-53: [SC-6]
package idp_assess.kubernetes.memory_limit

import data.idp_assess.lib.kubernetes

deny contains {"id": "KUBE-001", "path": nearest(container), "params": {"container": container.name}, "resource": container.name} if {
	some container in kubernetes.complete_containers
	container.list == "containers"
	not limited(container.body)
}

limited(container) if {
	value := container.resources.limits.memory
	not value in [null, "", 0, "0"]
}

# Filled in later.
limited(container) if is_string(container.resources)

limited(container) if is_string(container.resources.limits)

nearest(container) := array.concat(container.path, ["resources"]) if {
	is_object(container.body.resources)
} else := container.path
