# METADATA
# title: A container says what it needs
# description: >-
#   Without requests the scheduler puts any number of pods on a node, autoscalers have nothing to reckon with, and
#   these pods are evicted first.
# related_resources:
#   - https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
#   - https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/
# custom:
#   id: KUBE-002
#   severity: low
#   reads: kubernetes
#   message: "container {container} requests no {resource}"
#   fix: "set `resources.requests.{resource}` of container {container}"
#   controls:
#     nist-800-53: [SC-6]
package idp_assess.kubernetes.requests

import data.idp_assess.lib.kubernetes

warn contains {"id": "KUBE-002", "path": nearest(container), "params": {"container": container.name, "resource": resource}, "resource": concat("/", [container.name, resource])} if {
	some container in kubernetes.complete_containers
	container.list == "containers"
	kubernetes.service
	some resource in ["cpu", "memory"]
	not asked(container.body, resource)
}

# Where only a limit is given, the request is the same.
asked(container, resource) if {
	some which in ["requests", "limits"]
	value := container.resources[which][resource]
	not value in [null, ""]
}

asked(container, _) if is_string(container.resources)

nearest(container) := array.concat(container.path, ["resources"]) if {
	is_object(container.body.resources)
} else := container.path
