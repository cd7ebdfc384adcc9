# METADATA
# title: Nothing lives in the default namespace
# description: >-
#   The default namespace belongs to nobody: no quota, policy or access rule can be given to one team there, and
#   whatever forgets its namespace lands beside it.
# related_resources:
#   - https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
# custom:
#   id: KUBE-010
#   severity: low
#   reads: kubernetes
#   message: "{kind} {name} is put into the default namespace"
#   fix: "give {kind} {name} a namespace of its team or application"
package idp_assess.kubernetes.default_namespace

import data.idp_assess.lib.kubernetes

deny contains {"id": "KUBE-010", "path": ["spec", "targetNamespace"], "params": {"kind": input.kind, "name": kubernetes.name}} if {
	input.kind in {"HelmRelease", "Kustomization"}
	endswith(kubernetes.group, ".toolkit.fluxcd.io")
	input.spec.targetNamespace == "default"
}

deny contains {"id": "KUBE-010", "path": ["metadata", "namespace"], "params": {"kind": input.kind, "name": kubernetes.name}} if {
	input.metadata.namespace == "default"
	input.kind in {"Deployment", "StatefulSet", "DaemonSet", "CronJob", "Rollout", "Service", "Ingress", "PersistentVolumeClaim", "HelmRelease"}
	not kubernetes.name in {"kubernetes", "kubernetes-api"}
	not alias
}

# A name for a service outside of the cluster.
alias if input.spec.type == "ExternalName"
