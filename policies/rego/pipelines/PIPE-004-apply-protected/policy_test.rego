package idp_assess.pipelines.apply_protected_test

import data.idp_assess.pipelines.apply_protected

good := {"jobs": {"apply": {"environment": "production", "steps": [{"run": "terraform -chdir=infra apply -auto-approve"}]}}}

denied := {{"id": "PIPE-004", "path": ["jobs", "apply"], "params": {"job": "apply"}}}

running(text) := {"jobs": {"apply": {"steps": [{"uses": "actions/checkout@v5"}, {"run": text}]}}}

named(environment) := json.patch(good, [{"op": "replace", "path": "/jobs/apply/environment", "value": environment}])

test_environment_named if count(apply_protected.deny) == 0 with input as good

test_environment_named_with_url if {
	count(apply_protected.deny) == 0 with input as named({"name": "production", "url": "https://shop.example.org"})
}

test_without_environment if {
	apply_protected.deny == denied with input as json.remove(good, ["/jobs/apply/environment"])
}

test_empty_environment if {
	every empty in [null, "", {}, {"name": ""}] {
		apply_protected.deny == denied with input as named(empty)
	}
}

test_ways_to_apply if {
	every text in [
		"terraform apply", "tofu apply -auto-approve", "cd infra && terraform apply tfplan",
		"terraform init\nterraform \\\n  -chdir=infra \\\n  apply", "(terraform apply)",
	] {
		apply_protected.deny == denied with input as running(text)
	}
}

test_silent_where_nothing_is_applied if {
	every text in [
		"terraform plan", "terraform plan -out=apply.tfplan", "# terraform apply", "terraform validate && kubectl apply -f x",
	] {
		count(apply_protected.deny) == 0 with input as running(text)
	}
}

test_wrong_types_are_no_command if {
	every step in [5, null, "terraform apply", {"run": 5}, {"run": ["terraform apply"]}] {
		count(apply_protected.deny) == 0 with input as {"jobs": {"apply": {"steps": [step]}}}
	}
}
