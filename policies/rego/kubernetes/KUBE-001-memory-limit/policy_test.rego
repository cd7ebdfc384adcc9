package idp_assess.kubernetes.memory_limit_test

import data.idp_assess.kubernetes.memory_limit

deployment(pod) := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "shop", "namespace": "shop"},
	"spec": {"selector": {"matchLabels": {"app": "shop"}}, "template": {"spec": pod}},
}

running(container) := deployment({"containers": [object.union({"name": "shop", "image": "registry.example.org/shop:1.4.2"}, container)]})

at(rest) := array.concat(["spec", "template", "spec", "containers", 0], rest)

limited := running({"resources": {"limits": {"memory": "256Mi"}}})

denied(path) := {{"id": "KUBE-001", "path": path, "params": {"container": "shop"}, "resource": "shop"}}

test_limited if count(memory_limit.deny) == 0 with input as limited

test_without_resources if memory_limit.deny == denied(at([])) with input as running({})

test_without_limit if {
	every resources in [{}, {"requests": {"memory": "1Gi"}}, {"limits": {"cpu": "1"}}, {"limits": {"memory": ""}}, {"limits": 5}] {
		memory_limit.deny == denied(at(["resources"])) with input as running({"resources": resources})
	}
}

test_a_patch_says_only_what_it_changes if {
	count(memory_limit.deny) == 0 with input as json.remove(running({}), ["/spec/selector"])
	count(memory_limit.deny) == 0 with input as json.remove(running({}), ["/spec/template/spec/containers/0/image"])
}

test_init_containers_end if {
	count(memory_limit.deny) == 0 with input as json.patch(limited, [{"op": "add", "path": "/spec/template/spec/initContainers", "value": [{"name": "init", "image": "a:1"}]}])
}

test_other_kinds_are_silent if {
	every kind in ["ConfigMap", "Service", 5, null] {
		count(memory_limit.deny) == 0 with input as json.patch(running({}), [{"op": "replace", "path": "/kind", "value": kind}])
	}
}
