package idp_assess.pipelines.azure_apply_protected_test

import data.idp_assess.pipelines.azure_apply_protected

step := {"displayName": "Apply", "script": "terraform apply tfplan"}

silent(document) if count(azure_apply_protected.deny) == 0 with input as document

test_plain_job if {
	azure_apply_protected.deny == {{
		"id": "PIPE-040",
		"path": ["jobs", 0, "steps", 0],
		"params": {"step": "Apply"},
		"resource": "Apply",
	}} with input as {"jobs": [{"job": "apply", "steps": [step]}]}
	count(azure_apply_protected.deny) == 1 with input as {"steps": [step]}
}

test_task if {
	task := {"task": "TerraformTaskV4@4", "inputs": {"command": "apply"}}
	count(azure_apply_protected.deny) == 1 with input as {"steps": [task]}
	silent({"steps": [object.union(task, {"inputs": {"command": "plan"}})]})
}

test_silent if {
	silent({"jobs": [{"deployment": "apply", "environment": "production", "strategy": {"runOnce": {"deploy": {"steps": [step]}}}}]})
	silent({"jobs": [{"job": "apply", "condition": "eq(variables['Build.SourceBranch'], 'refs/heads/main')", "steps": [step]}]})
	silent({"stages": [{"stage": "apply", "condition": "eq(variables['Build.SourceBranchName'], 'main')", "jobs": [{"job": "apply", "steps": [step]}]}]})
	silent({"parameters": [{"name": "environment"}], "steps": [step]})
	silent({"steps": [{"script": "terraform plan"}]})
	silent({"steps": [{"script": 5}, 5, null]})
	silent(5)
}
