package idp_assess.kubernetes.runs_as_root_test

import data.idp_assess.kubernetes.runs_as_root

deployment(pod) := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "shop", "namespace": "shop"},
	"spec": {"selector": {"matchLabels": {"app": "shop"}}, "template": {"spec": pod}},
}

running(container) := deployment({"containers": [object.union({"name": "shop", "image": "registry.example.org/shop:1.4.2"}, container)]})

at(rest) := array.concat(["spec", "template", "spec", "containers", 0], rest)

context(value) := running({"securityContext": value})

test_not_root if {
	every value in [{"runAsNonRoot": true}, {"runAsUser": 1000}, {"runAsUser": 1000, "runAsNonRoot": false}] {
		count(runs_as_root.deny) == 0 with input as context(value)
		count(runs_as_root.warn) == 0 with input as context(value)
	}
}

test_root if {
	runs_as_root.deny == {{
		"id": "KUBE-004", "path": at(["securityContext", "runAsUser"]), "params": {"container": "shop", "how": "runs as user 0"},
		"resource": "shop",
	}} with input as context({"runAsUser": 0})
	count(runs_as_root.deny) == 1 with input as context({"runAsNonRoot": false})
}

test_root_for_the_pod if {
	pod := {"securityContext": {"runAsUser": 0}, "containers": [{"name": "shop", "image": "a:1"}]}
	count(runs_as_root.deny) == 1 with input as deployment(pod)
	count(runs_as_root.deny) == 0 with input as deployment(json.patch(pod, [{"op": "add", "path": "/containers/0/securityContext", "value": {"runAsUser": 1000}}]))
}

test_nothing_said_warns if {
	count(runs_as_root.warn) == 1 with input as running({})
	count(runs_as_root.deny) == 0 with input as running({})
	count(runs_as_root.warn) == 0 with input as deployment({"securityContext": {"runAsNonRoot": true}, "containers": [{"name": "shop", "image": "a:1"}]})
}

test_patches_and_jobs_are_silent if {
	count(runs_as_root.warn) == 0 with input as json.remove(running({}), ["/spec/selector"])
	count(runs_as_root.warn) == 0 with input as json.patch(running({}), [{"op": "replace", "path": "/kind", "value": "Job"}])
}
