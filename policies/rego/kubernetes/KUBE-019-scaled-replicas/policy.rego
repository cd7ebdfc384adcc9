# METADATA
# title: One of autoscaler and manifest counts the replicas
# description: >-
#   The autoscaler sets the number of replicas, and every apply or sync of this manifest sets it back: pods are
#   taken away under load, and the two never agree.
# related_resources:
#   - https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling
#   - https://argo-cd.readthedocs.io/en/stable/user-guide/best_practices/#leaving-room-for-imperativeness
# custom:
#   id: KUBE-019
#   severity: medium
#   reads: kubernetes-directory
#   message: "{kind} {name} fixes its replicas, and autoscaler {autoscaler} counts them, too"
#   fix: "remove `spec.replicas` from {kind} {name}"
package idp_assess.kubernetes.scaled_replicas

import data.idp_assess.lib.text

deny contains {"id": "KUBE-019", "path": ["objects", i, "spec", "replicas"], "params": {"kind": target.kind, "name": target.name, "autoscaler": scaler.metadata.name}, "resource": concat("/", [target.kind, target.name])} if {
	some scaler in input.objects
	scaler.kind in {"HorizontalPodAutoscaler", "ScaledObject"}
	is_string(scaler.metadata.name)
	target := scaler.spec.scaleTargetRef
	text.known(target.name)
	some i, workload in input.objects
	workload.kind == target.kind
	workload.metadata.name == target.name
	object.get(workload.metadata, "namespace", "") == object.get(scaler.metadata, "namespace", "")
	is_number(workload.spec.replicas)
}
