package idp_assess.pipelines.deploys_end_test

import data.idp_assess.pipelines.deploys_end

job(content) := {"jobs": {"deploy": content}}

test_without_a_limit if {
	deploys_end.warn == {{"id": "PIPE-021", "path": ["jobs", "deploy"], "params": {"job": "deploy"}}} with input as job({"steps": [{"run": "kubectl apply -f k8s"}]})
}

test_silent if {
	count(deploys_end.warn) == 0 with input as job({"timeout-minutes": 10, "steps": [{"run": "kubectl apply -f k8s"}]})
	count(deploys_end.warn) == 0 with input as job({"steps": [{"run": "kubectl apply -f k8s", "timeout-minutes": 10}]})
	count(deploys_end.warn) == 0 with input as job({"steps": [{"run": "kubectl get pods"}]})
	count(deploys_end.warn) == 0 with input as job({"steps": [{"uses": "helm/kind-action@v1"}, {"run": "kubectl apply -f k8s"}]})
	count(deploys_end.warn) == 0 with input as job({"steps": [{"run": "ansible-playbook site.yml --syntax-check"}]})
	count(deploys_end.warn) == 0 with input as job({"steps": [{"run": 5}, 5, null]})
}
