package idp_assess.kubernetes.readiness_test

import data.idp_assess.kubernetes.readiness

deployment(pod) := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "shop", "namespace": "shop"},
	"spec": {"selector": {"matchLabels": {"app": "shop"}}, "template": {"spec": pod}},
}

running(container) := deployment({"containers": [object.union({"name": "shop", "image": "registry.example.org/shop:1.4.2"}, container)]})

at(rest) := array.concat(["spec", "template", "spec", "containers", 0], rest)

serving(extra) := running(object.union({"ports": [{"containerPort": 8080}]}, extra))

test_probed if count(readiness.warn) == 0 with input as serving({"readinessProbe": {"tcpSocket": {"port": 8080}}})

test_not_probed if {
	every extra in [{}, {"livenessProbe": {"tcpSocket": {"port": 8080}}}] {
		readiness.warn == {{"id": "KUBE-003", "path": at([]), "params": {"container": "shop", "port": 8080}, "resource": "shop"}} with input as serving(extra)
	}
}

test_nothing_is_served if {
	every ports in [[], [{"containerPort": 9090, "name": "metrics"}], 5, [5], [{"containerPort": "a"}]] {
		count(readiness.warn) == 0 with input as running({"ports": ports})
	}
}

test_other_kinds_are_silent if {
	every kind in ["Job", "DaemonSet", "Pod"] {
		count(readiness.warn) == 0 with input as json.patch(serving({}), [{"op": "replace", "path": "/kind", "value": kind}])
	}
}
