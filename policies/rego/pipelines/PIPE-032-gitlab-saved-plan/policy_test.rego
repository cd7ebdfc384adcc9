package idp_assess.pipelines.gitlab_saved_plan_test

import data.idp_assess.pipelines.gitlab_saved_plan

found := {{"id": "PIPE-032", "path": ["apply", "script", 0], "params": {"job": "apply"}}}

applying(line) := {"apply": {"script": [line]}}

planning := {"plan": {"script": ["terraform plan"]}}

test_plan_thrown_away if {
	gitlab_saved_plan.deny == found with input as object.union(planning, applying("terraform apply -auto-approve"))
}

test_no_plan_in_sight_warns if {
	count(gitlab_saved_plan.deny) == 0 with input as applying("terraform apply -auto-approve")
	gitlab_saved_plan.warn == found with input as applying("terraform apply -auto-approve")
}

test_silent if {
	every line in ["terraform apply tfplan", "gitlab-terraform apply", "terraform validate", 5, null] {
		count(gitlab_saved_plan.deny | gitlab_saved_plan.warn) == 0 with input as object.union(planning, applying(line))
	}
}
