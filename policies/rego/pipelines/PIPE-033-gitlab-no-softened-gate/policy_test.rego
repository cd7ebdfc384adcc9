package idp_assess.pipelines.gitlab_no_softened_gate_test

import data.idp_assess.pipelines.gitlab_no_softened_gate

found(path, how) := {{"id": "PIPE-033", "path": array.concat(["scan"], path), "params": {"job": "scan", "how": how}}}

silent(job) if count(gitlab_no_softened_gate.deny) == 0 with input as {"scan": job}

test_allowed_to_fail if {
	gitlab_no_softened_gate.deny == found(["allow_failure"], "allow_failure") with input as {"scan": {"script": "checkov -d .", "allow_failure": true}}
}

test_in_the_script if {
	gitlab_no_softened_gate.deny == found(["script", 1], "|| true") with input as {"scan": {"script": ["make", "trivy fs . || true"]}}
}

test_silent if {
	silent({"script": ["checkov -d ."], "allow_failure": false})
	silent({"script": ["make lint"], "allow_failure": true})
	silent({"script": ["trivy fs ."], "allow_failure": true, "artifacts": {"reports": {"container_scanning": "x.json"}}})
	silent({"script": ["terraform plan"], "allow_failure": true, "when": "manual"})
	silent({"script": ["checkov -d ."], "allow_failure": {"exit_codes": [2]}})
	silent({"script": 5, "allow_failure": true})
	silent(5)
}
