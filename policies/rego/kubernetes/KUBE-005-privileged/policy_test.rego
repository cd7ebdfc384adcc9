package idp_assess.kubernetes.privileged_test

import data.idp_assess.kubernetes.privileged

deployment(pod) := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "shop", "namespace": "shop"},
	"spec": {"selector": {"matchLabels": {"app": "shop"}}, "template": {"spec": pod}},
}

running(container) := deployment({"containers": [object.union({"name": "shop", "image": "registry.example.org/shop:1.4.2"}, container)]})

at(rest) := array.concat(["spec", "template", "spec", "containers", 0], rest)

context(value) := running({"securityContext": value})

test_no_power if {
	every value in [{}, {"privileged": false}, {"capabilities": {"add": ["NET_BIND_SERVICE"]}}, {"capabilities": {"drop": ["ALL"]}}, 5, null] {
		count(privileged.deny) == 0 with input as context(value)
	}
}

test_privileged if {
	privileged.deny == {{
		"id": "KUBE-005", "path": at(["securityContext", "privileged"]),
		"params": {"container": "shop", "power": "`privileged: true`"}, "resource": "shop",
	}} with input as context({"privileged": true})
}

test_capability if {
	privileged.deny == {{
		"id": "KUBE-005", "path": at(["securityContext", "capabilities", "add", 1]),
		"params": {"container": "shop", "power": "capability SYS_ADMIN"}, "resource": "shop/SYS_ADMIN",
	}} with input as context({"capabilities": {"add": ["CHOWN", "SYS_ADMIN"]}})
}

test_init_containers_and_patches_too if {
	count(privileged.deny) == 1 with input as deployment({"initContainers": [{"name": "sysctl", "securityContext": {"privileged": true}}]})
}

test_agents_of_the_node_are_silent if {
	count(privileged.deny) == 0 with input as json.patch(context({"privileged": true}), [{"op": "replace", "path": "/kind", "value": "DaemonSet"}])
}
