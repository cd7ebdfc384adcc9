# METADATA
# title: A namespace with workloads has a network policy
# description: >-
#   Without one every pod of the cluster reaches every port here, and what breaks in here reaches every other
#   namespace and the cloud's metadata address.
# related_resources:
#   - https://kubernetes.io/docs/concepts/services-networking/network-policies/
# custom:
#   id: KUBE-016
#   severity: medium
#   reads: kubernetes-directory
#   message: "namespace {name} is defined with its workloads, and without a network policy"
#   fix: "add a NetworkPolicy with an empty `podSelector` that denies by default, and one for each connection that is wanted"
#   controls:
#     nist-800-53: [SC-7]
package idp_assess.kubernetes.network_policy

import data.idp_assess.lib.directory

warn contains {"id": "KUBE-016", "path": ["objects", i, "metadata", "name"], "params": {"name": name}, "resource": name} if {
	some i, name in directory.namespaces
	directory.has_workload(name)
	not guarded(name)
}

guarded(name) if {
	some object in input.objects
	object.kind in {"NetworkPolicy", "CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy", "GlobalNetworkPolicy", "AdminNetworkPolicy", "AuthorizationPolicy"}
	directory.within(object, name)
}
