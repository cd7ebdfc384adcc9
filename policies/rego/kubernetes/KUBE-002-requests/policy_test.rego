package idp_assess.kubernetes.requests_test

import data.idp_assess.kubernetes.requests

deployment(pod) := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "shop", "namespace": "shop"},
	"spec": {"selector": {"matchLabels": {"app": "shop"}}, "template": {"spec": pod}},
}

running(container) := deployment({"containers": [object.union({"name": "shop", "image": "registry.example.org/shop:1.4.2"}, container)]})

at(rest) := array.concat(["spec", "template", "spec", "containers", 0], rest)

requesting(resources) := running({"resources": resources})

warned(path, resource) := {
	"id": "KUBE-002", "path": path, "params": {"container": "shop", "resource": resource},
	"resource": concat("/", ["shop", resource]),
}

test_requests if {
	count(requests.warn) == 0 with input as requesting({"requests": {"cpu": "100m", "memory": "128Mi"}})
	count(requests.warn) == 0 with input as requesting({"requests": {"cpu": "100m"}, "limits": {"memory": "128Mi"}})
	count(requests.warn) == 0 with input as requesting({"limits": {"cpu": 1, "memory": "128Mi"}})
}

test_no_requests if {
	requests.warn == {warned(at([]), "cpu"), warned(at([]), "memory")} with input as running({})
	requests.warn == {warned(at(["resources"]), "cpu")} with input as requesting({"limits": {"memory": "1Gi"}})
}

test_jobs_and_patches_are_silent if {
	count(requests.warn) == 0 with input as json.patch(running({}), [{"op": "replace", "path": "/kind", "value": "Job"}])
	count(requests.warn) == 0 with input as json.remove(running({}), ["/spec/selector"])
}
