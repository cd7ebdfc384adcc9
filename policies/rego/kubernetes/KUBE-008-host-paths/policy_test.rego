package idp_assess.kubernetes.host_paths_test

import data.idp_assess.kubernetes.host_paths

deployment(pod) := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "shop", "namespace": "shop"},
	"spec": {"selector": {"matchLabels": {"app": "shop"}}, "template": {"spec": pod}},
}

running(container) := deployment({"containers": [object.union({"name": "shop", "image": "registry.example.org/shop:1.4.2"}, container)]})

at(rest) := array.concat(["spec", "template", "spec", "containers", 0], rest)

mounting(path, mount) := deployment({
	"containers": [{"name": "shop", "image": "a:1", "volumeMounts": [object.union({"name": "v", "mountPath": "/v"}, mount)]}],
	"volumes": [{"name": "v", "hostPath": {"path": path}}],
})

daemon(object) := json.patch(object, [{"op": "replace", "path": "/kind", "value": "DaemonSet"}])

test_mounted if {
	every path in ["/var/run/docker.sock", "/", "/data"] {
		host_paths.deny == {{
			"id": "KUBE-008", "path": ["spec", "template", "spec", "volumes", 0, "hostPath"],
			"params": {"volume": "v", "path": path}, "resource": "v",
		}} with input as mounting(path, {})
	}
}

test_read_only_and_harmless if {
	count(host_paths.deny) == 0 with input as mounting("/data", {"readOnly": true})
	count(host_paths.deny) == 0 with input as mounting("/etc/localtime", {})
	count(host_paths.deny) == 0 with input as mounting("{{ path }}", {})
}

test_agents_of_the_node if {
	count(host_paths.deny) == 0 with input as daemon(mounting("/var/log", {}))
	count(host_paths.deny) == 1 with input as daemon(mounting("/", {}))
}

test_other_volumes_are_silent if {
	count(host_paths.deny) == 0 with input as deployment({"containers": [], "volumes": [{"name": "v", "emptyDir": {}}, 5, {"hostPath": 5}]})
}
