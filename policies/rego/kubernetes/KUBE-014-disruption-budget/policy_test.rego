package idp_assess.kubernetes.disruption_budget_test

import data.idp_assess.kubernetes.disruption_budget

budget(spec) := {"objects": [
	{
		"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "shop"},
		"spec": object.union({"selector": {"matchLabels": {"app": "shop"}}}, spec),
	},
	{
		"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop"},
		"spec": {"replicas": 2, "template": {"metadata": {"labels": {"app": "shop", "tier": "web"}}}},
	},
]}

denied(field, why) := {{"id": "KUBE-014", "path": ["objects", 0, "spec", field], "params": {"name": "shop", "why": why}, "resource": "shop"}}

test_pods_may_go if {
	every spec in [{"maxUnavailable": 1}, {"minAvailable": 1}, {"maxUnavailable": "25%"}, {}, {"minAvailable": 0}, {"minAvailable": "50%"}] {
		count(disruption_budget.deny) == 0 with input as budget(spec)
	}
}

test_no_pod_may_go if {
	every value in [0, "0%"] {
		disruption_budget.deny == denied("maxUnavailable", "maxUnavailable is 0") with input as budget({"maxUnavailable": value})
	}
	disruption_budget.deny == denied("minAvailable", "minAvailable is 100%") with input as budget({"minAvailable": "100%"})
	disruption_budget.deny == denied("minAvailable", "minAvailable is the number of replicas") with input as budget({"minAvailable": 2})
}

test_others_are_not_meant if {
	count(disruption_budget.deny) == 0 with input as budget({"minAvailable": 2, "selector": {"matchLabels": {"app": "other"}}})
	count(disruption_budget.deny) == 0 with input as {"objects": [5, {"kind": "PodDisruptionBudget", "metadata": {"name": "shop"}, "spec": 5}]}
}
