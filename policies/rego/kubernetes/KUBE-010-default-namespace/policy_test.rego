package idp_assess.kubernetes.default_namespace_test

import data.idp_assess.kubernetes.default_namespace

deployment(pod) := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "shop", "namespace": "shop"},
	"spec": {"selector": {"matchLabels": {"app": "shop"}}, "template": {"spec": pod}},
}

running(container) := deployment({"containers": [object.union({"name": "shop", "image": "registry.example.org/shop:1.4.2"}, container)]})

at(rest) := array.concat(["spec", "template", "spec", "containers", 0], rest)

named(namespace) := json.patch(running({}), [{"op": "replace", "path": "/metadata/namespace", "value": namespace}])

test_own if {
	every namespace in ["shop", "", null, "{{ .Release.Namespace }}", "default-shop"] {
		count(default_namespace.deny) == 0 with input as named(namespace)
	}
	count(default_namespace.deny) == 0 with input as json.remove(running({}), ["/metadata/namespace"])
}

test_default if {
	default_namespace.deny == {{"id": "KUBE-010", "path": ["metadata", "namespace"], "params": {"kind": "Deployment", "name": "shop"}}} with input as named("default")
}

test_by_flux if {
	release := {
		"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": "shop", "namespace": "flux-system"},
		"spec": {"targetNamespace": "default"},
	}
	count(default_namespace.deny) == 1 with input as release
	count(default_namespace.deny) == 0 with input as json.patch(release, [{"op": "replace", "path": "/spec/targetNamespace", "value": "shop"}])
}

test_objects_that_belong_there if {
	every kind in ["RoleBinding", "ServiceAccount", "ConfigMap", 5] {
		count(default_namespace.deny) == 0 with input as json.patch(named("default"), [{"op": "replace", "path": "/kind", "value": kind}])
	}
}
