# METADATA
# title: A node can be drained
# description: >-
#   A budget that allows no pod to go blocks every drain: node upgrades stop at this pod, until somebody deletes
#   it by hand.
# related_resources:
#   - https://kubernetes.io/docs/tasks/run-application/configure-pdb/
#   - https://kubernetes.io/docs/concepts/workloads/pods/disruptions/
# custom:
#   id: KUBE-014
#   severity: medium
#   reads: kubernetes-directory
#   message: "PodDisruptionBudget {name} lets no pod go: {why}"
#   fix: "set `maxUnavailable: 1`, and run at least two replicas"
package idp_assess.kubernetes.disruption_budget

deny contains {"id": "KUBE-014", "path": ["objects", i, "spec", field], "params": {"name": name, "why": why}, "resource": name} if {
	some i, budget in input.objects
	budget.kind == "PodDisruptionBudget"
	name := budget.metadata.name
	is_string(name)
	[field, why] := blocks(budget)
}

blocks(budget) := ["maxUnavailable", "maxUnavailable is 0"] if {
	budget.spec.maxUnavailable in [0, "0", "0%"]
} else := ["minAvailable", "minAvailable is 100%"] if {
	budget.spec.minAvailable == "100%"
} else := ["minAvailable", "minAvailable is the number of replicas"] if {
	is_number(budget.spec.minAvailable)
	labels := budget.spec.selector.matchLabels
	is_object(labels)
	count(labels) > 0
	some workload in input.objects
	workload.kind in {"Deployment", "StatefulSet"}
	is_object(workload.metadata)
	object.get(workload.metadata, "namespace", "") == object.get(budget.metadata, "namespace", "")
	every key, value in labels {
		workload.spec.template.metadata.labels[key] == value
	}
	is_number(workload.spec.replicas)
	workload.spec.replicas > 0
	budget.spec.minAvailable >= workload.spec.replicas
}
