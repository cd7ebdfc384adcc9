# The parts of a Kubernetes object that policies ask for, each with its path. All are rules over `input`, so that they are
# worked out once for an object, however many policies ask; the kind comes first, so that other objects cost next to nothing.
package idp_assess.lib.kubernetes

import data.idp_assess.lib.text

# Kind -> where its pod stands. Source: https://kubernetes.io/docs/concepts/workloads/
pod_paths := {
	"Pod": ["spec"],
	"Deployment": ["spec", "template", "spec"],
	"StatefulSet": ["spec", "template", "spec"],
	"DaemonSet": ["spec", "template", "spec"],
	"ReplicaSet": ["spec", "template", "spec"],
	"ReplicationController": ["spec", "template", "spec"],
	"Rollout": ["spec", "template", "spec"],
	"Job": ["spec", "template", "spec"],
	"CronJob": ["spec", "jobTemplate", "spec", "template", "spec"],
}

pod_path := pod_paths[input.kind] if regex.match(`^(v1|apps/\w+|batch/\w+|extensions/v1beta1|argoproj\.io/v1alpha1)$`, api_version)

api_version := input.apiVersion if is_string(input.apiVersion)

group := parts[0] if {
	parts := split(api_version, "/")
	count(parts) == 2
}

group := "" if not contains(api_version, "/")

pod := spec if {
	spec := object.get(input, pod_path, null)
	is_object(spec)
}

containers contains {"path": array.concat(pod_path, [list, i]), "list": list, "name": name, "body": body} if {
	some list in ["containers", "initContainers"]
	some i, body in pod[list]
	is_object(body)
	name := body.name
	is_string(name)
}

# Whether the object is all there. A patch of one names only what it changes: what it does not say is said elsewhere.
whole if {
	input.kind in {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout"}
	is_object(input.spec.selector)
	some_image
}

# A pod that ends has to say so: it is not accepted without.
whole if {
	input.kind in {"Job", "CronJob"}
	pod.restartPolicy
	some_image
}

whole if {
	input.kind in {"Pod", "ReplicationController"}
	some_image
}

some_image if {
	some container in containers
	is_string(container.body.image)
}

# A container of a whole object: what it does not say is not said.
complete_containers contains container if {
	whole
	some container in containers
	is_string(container.body.image)
}

# Work that goes on until it is stopped.
service if input.kind in {"Deployment", "StatefulSet", "DaemonSet", "Rollout"}

# An agent of the node, one on each: it looks at the node by nature.
node_agent if input.kind == "DaemonSet"

name := input.metadata.name if is_string(input.metadata.name)

# A namespace that is said and is not filled in later.
namespace := input.metadata.namespace if text.known(input.metadata.namespace)

# Of Kubernetes itself, or of what is installed into the cluster for all.
system_namespace(value) if {
	is_string(value)
	regex.match(`^(kube-.+|.+-system|openshift(-.+)?|flux-system|cert-manager|monitoring|istio-.+)$`, value)
}

# Of an object in such a namespace: the control plane, and what sets up nodes, networks and disks.
system_namespaced if system_namespace(namespace)

# What applies everything applies everything: the controllers that deploy from Git.
deployer(account) if {
	is_string(account)
	regex.match(`^(kustomize-controller|helm-controller|source-controller|([a-z-]+-)?argocd-(application-controller|manager|server)|flux.*|tiller|fleet-agent)$`, account)
}
