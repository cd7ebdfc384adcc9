package idp_assess.kubernetes.host_namespaces_test

import data.idp_assess.kubernetes.host_namespaces

deployment(pod) := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "shop", "namespace": "shop"},
	"spec": {"selector": {"matchLabels": {"app": "shop"}}, "template": {"spec": pod}},
}

running(container) := deployment({"containers": [object.union({"name": "shop", "image": "registry.example.org/shop:1.4.2"}, container)]})

at(rest) := array.concat(["spec", "template", "spec", "containers", 0], rest)

pod(extra) := deployment(object.union({"containers": [{"name": "shop", "image": "a:1"}]}, extra))

test_own if {
	every extra in [{}, {"hostNetwork": false}, {"hostPID": null}, {"hostIPC": "{{ x }}"}] {
		count(host_namespaces.deny) == 0 with input as pod(extra)
	}
}

test_shared if {
	every field in ["hostNetwork", "hostPID", "hostIPC"] {
		host_namespaces.deny == {{"id": "KUBE-007", "path": ["spec", "template", "spec", field], "params": {"field": field}}} with input as pod({field: true})
	}
}

test_agents_of_the_node_are_silent if {
	count(host_namespaces.deny) == 0 with input as json.patch(pod({"hostPID": true}), [{"op": "replace", "path": "/kind", "value": "DaemonSet"}])
	count(host_namespaces.deny) == 0 with input as json.patch(pod({"hostNetwork": true}), [{"op": "replace", "path": "/metadata/namespace", "value": "kube-system"}])
}
