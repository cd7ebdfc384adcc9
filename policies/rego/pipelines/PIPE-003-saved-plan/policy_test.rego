package idp_assess.pipelines.saved_plan_test

import data.idp_assess.pipelines.saved_plan

running(texts) := {"jobs": {"apply": {"steps": [{"name": "Apply", "run": text} | some text in texts]}}}

found(i) := {{"id": "PIPE-003", "path": ["jobs", "apply", "steps", i, "run"], "params": {"job": "apply"}, "resource": "Apply"}}

test_plan_made_and_not_applied if {
	every apply in [
		"terraform apply -auto-approve", "cd infra && terraform apply -auto-approve -input=false",
		"tofu -chdir=infra apply -var a=b -auto-approve", "terraform apply \\\n  -auto-approve",
		"echo yes | terraform apply", "terragrunt run-all apply -auto-approve",
	] {
		saved_plan.deny == found(1) with input as running(["terraform plan", apply])
	}
}

test_no_plan_in_sight_only_warns if {
	count(saved_plan.deny) == 0 with input as running(["terraform apply -auto-approve"])
	saved_plan.warn == found(0) with input as running(["terraform apply -auto-approve"])
}

test_silent if {
	every apply in [
		"terraform apply tfplan", "terraform apply -auto-approve tfplan", "terraform apply -input=false \"$PLAN\"",
		"terraform apply -auto-approve ${{ env.plan }}", "# terraform apply -auto-approve",
		"terraform destroy -auto-approve", "echo terraform plan",
	] {
		count(saved_plan.deny | saved_plan.warn) == 0 with input as running(["terraform plan -out=tfplan", apply])
	}
}

test_wrong_types if {
	every step in [5, null, "terraform apply -auto-approve", {"run": ["terraform apply -auto-approve"]}] {
		count(saved_plan.deny | saved_plan.warn) == 0 with input as {"jobs": {"apply": {"steps": [step]}}}
	}
}
