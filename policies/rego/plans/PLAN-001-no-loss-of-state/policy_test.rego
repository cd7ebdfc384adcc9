package idp_assess.plans.no_loss_of_state_test

import data.idp_assess.plans.no_loss_of_state

plan(change) := {"changes": [object.union({"address": "aws_db_instance.main", "type": "aws_db_instance", "actions": []}, change)]}

test_kept if count(no_loss_of_state.deny) == 0 with input as plan({"destroys": false, "replaces": false})

test_destroyed if {
	no_loss_of_state.deny == {{
		"id": "PLAN-001",
		"path": ["changes", 0],
		"params": {"verb": "destroys", "address": "aws_db_instance.main"},
		"resource": "aws_db_instance.main",
	}} with input as plan({"destroys": true, "replaces": false})
}

test_replaced if {
	some answer in no_loss_of_state.deny with input as plan({"destroys": true, "replaces": true})
	answer.params.verb == "replaces"
}

test_what_keeps_nothing if {
	count(no_loss_of_state.deny) == 0 with input as plan({"type": "aws_security_group", "destroys": true, "replaces": true})
}

test_wrong_types if {
	every changes in [null, 5, "x", [5], [{"destroys": true, "type": 5, "address": "a"}]] {
		count(no_loss_of_state.deny) == 0 with input as {"changes": changes}
	}
}
