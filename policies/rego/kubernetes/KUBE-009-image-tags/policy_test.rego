package idp_assess.kubernetes.image_tags_test

import data.idp_assess.kubernetes.image_tags

deployment(pod) := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "shop", "namespace": "shop"},
	"spec": {"selector": {"matchLabels": {"app": "shop"}}, "template": {"spec": pod}},
}

running(container) := deployment({"containers": [object.union({"name": "shop", "image": "registry.example.org/shop:1.4.2"}, container)]})

at(rest) := array.concat(["spec", "template", "spec", "containers", 0], rest)

image(name) := running({"image": name})

denied(name) := {{"id": "KUBE-009", "path": at(["image"]), "params": {"container": "shop", "image": name}, "resource": "shop"}}

test_a_version if {
	every name in ["nginx:1.27", "registry.example.org:5000/shop:1.4.2", "shop@sha256:0123", "nginx:latest@sha256:0123", "{{ .Values.image }}:latest", "${IMAGE}", 5, null] {
		count(image_tags.deny) == 0 with input as image(name)
	}
}

test_latest if {
	every name in ["nginx:latest", "registry.example.org:5000/shop:main", "shop:stable"] {
		image_tags.deny == denied(name) with input as image(name)
	}
}

test_no_tag_warns if {
	image_tags.warn == denied("registry.example.org:5000/shop") with input as image("registry.example.org:5000/shop")
	count(image_tags.warn) == 0 with input as image("shop")
}
