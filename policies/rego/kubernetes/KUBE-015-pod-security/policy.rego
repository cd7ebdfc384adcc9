# METADATA
# title: A namespace says which pods it lets in
# description: >-
#   Without a Pod Security label a namespace takes the cluster's default, which is privileged unless somebody
#   changed it: any pod that asks for the node gets it.
# related_resources:
#   - https://kubernetes.io/docs/concepts/security/pod-security-admission/
#   - https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-namespace-labels/
# custom:
#   id: KUBE-015
#   severity: medium
#   reads: kubernetes
#   message: "namespace {name} {how}"
#   fix: "label the namespace `pod-security.kubernetes.io/enforce: restricted`, or `baseline` where its pods need that"
#   controls:
#     nist-800-53: [AC-6, CM-7]
package idp_assess.kubernetes.pod_security

import data.idp_assess.lib.kubernetes
import data.idp_assess.lib.text

# Storage, network and device drivers need it: this only warns.
warn contains {"id": "KUBE-015", "path": ["metadata", "labels", label], "params": {"name": kubernetes.name, "how": "lets privileged pods in"}} if {
	namespace
	input.metadata.labels[label] == "privileged"
	not kubernetes.system_namespace(kubernetes.name)
	not regex.match(`csi|rook|ceph|longhorn|openebs|gpu|device|multus|metallb|network|kubevirt|cilium|calico|falco|exporter|storage`, kubernetes.name)
}

# An admission policy may say the same for all namespaces: this only warns.
warn contains {"id": "KUBE-015", "path": ["metadata"], "params": {"name": kubernetes.name, "how": "has no Pod Security label"}} if {
	namespace
	not input.metadata.labels[label]
	not kubernetes.system_namespace(kubernetes.name)
	not kubernetes.name in {"default", "argocd"}
}

namespace if {
	input.kind == "Namespace"
	input.apiVersion == "v1"
	text.known(input.metadata.name)
}

label := "pod-security.kubernetes.io/enforce"
