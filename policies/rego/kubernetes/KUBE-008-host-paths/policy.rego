# METADATA
# title: A pod does not mount its node's files
# description: >-
#   What is mounted can be written by every process of the pod: the container runtime's socket, the kubelet's
#   directory or / itself are the node. It also ties the pod to one node's disk.
# related_resources:
#   - https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#   - https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: KUBE-008
#   severity: high
#   reads: kubernetes
#   message: "volume {volume} mounts {path} of the node"
#   fix: "use a PersistentVolumeClaim, an emptyDir or a projected volume for {volume}"
#   controls:
#     nist-800-53: [AC-6]
package idp_assess.kubernetes.host_paths

import data.idp_assess.lib.kubernetes
import data.idp_assess.lib.text

deny contains {"id": "KUBE-008", "path": array.concat(kubernetes.pod_path, ["volumes", i, "hostPath"]), "params": {"volume": name, "path": volume.hostPath.path}, "resource": name} if {
	some i, volume in kubernetes.pod.volumes
	text.known(volume.hostPath.path)
	name := volume.name
	is_string(name)
	opens(volume.hostPath.path)
	writable(name)
	not kubernetes.system_namespaced
}

# For an agent of the node only what opens it as a whole counts: the rest is its work.
opens(path) if {
	kubernetes.node_agent
	regex.match(`^(/|/etc/?|/root/?|/var/lib/kubelet/pki/?)$`, path)
}

opens(path) if {
	not kubernetes.node_agent
	not regex.match(`^(/etc/(localtime|machine-id|ssl/certs)|/usr/share/zoneinfo|/dev/(shm|serial|tty|dri|kvm|fuse|net/tun|video|snd|bus/usb).*)$`, path)
}

# Where no container mounts it for writing, it does not count. Recommended for agents, e.g. by node exporters.
writable(name) if {
	some container in kubernetes.containers
	some mount in container.body.volumeMounts
	mount.name == name
	not mount.readOnly == true
}
