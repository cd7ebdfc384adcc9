# METADATA
# title: A namespace with workloads has a quota
# description: >-
#   One namespace without a quota can take all of the cluster: a wrong replica count, a runaway job or a leak in
#   one team's application stops all others.
# related_resources:
#   - https://kubernetes.io/docs/concepts/policy/resource-quotas/
#   - https://kubernetes.io/docs/concepts/policy/limit-range/
# custom:
#   id: KUBE-017
#   severity: low
#   reads: kubernetes-directory
#   message: "namespace {name} is defined with its workloads, and without a quota"
#   fix: "add a ResourceQuota with `limits.memory`, `requests.cpu` and a number of pods"
#   controls:
#     nist-800-53: [SC-6]
package idp_assess.kubernetes.resource_quota

import data.idp_assess.lib.directory

warn contains {"id": "KUBE-017", "path": ["objects", i, "metadata", "name"], "params": {"name": name}, "resource": name} if {
	some i, name in directory.namespaces
	directory.has_workload(name)
	not bounded(name)
}

bounded(name) if {
	some object in input.objects
	object.kind in {"ResourceQuota", "LimitRange", "ClusterResourceQuota"}
	directory.within(object, name)
}
