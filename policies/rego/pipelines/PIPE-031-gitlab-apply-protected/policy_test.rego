package idp_assess.pipelines.gitlab_apply_protected_test

import data.idp_assess.pipelines.gitlab_apply_protected

job(more) := {"apply": object.union({"script": ["terraform init", ["terraform apply tfplan"]]}, more)}

test_without if {
	every more in [{}, {"environment": ""}, {"environment": {}}] {
		gitlab_apply_protected.deny == {{"id": "PIPE-031", "path": ["apply"], "params": {"job": "apply"}}} with input as job(more)
	}
	count(gitlab_apply_protected.deny) == 1 with input as {"apply": {"script": "gitlab-terraform apply"}}
}

test_silent if {
	every more in [{"environment": "production"}, {"environment": {"name": "production"}}, {"extends": ".apply"}] {
		count(gitlab_apply_protected.deny) == 0 with input as job(more)
	}
	count(gitlab_apply_protected.deny) == 0 with input as {".apply": {"script": ["terraform apply"]}}
	count(gitlab_apply_protected.deny) == 0 with input as {"plan": {"script": ["terraform plan"]}}
	every value in [5, null, "terraform apply", {"script": 5}, {"script": {"a": 5}}] {
		count(gitlab_apply_protected.deny) == 0 with input as {"apply": value}
	}
}
