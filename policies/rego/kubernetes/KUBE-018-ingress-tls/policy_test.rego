package idp_assess.kubernetes.ingress_tls_test

import data.idp_assess.kubernetes.ingress_tls

ingress(extra) := {
	"apiVersion": "networking.k8s.io/v1",
	"kind": "Ingress",
	"metadata": {"name": "shop", "annotations": object.get(extra, "annotations", {})},
	"spec": object.union({"rules": [{"host": "shop.example.org"}]}, object.get(extra, "spec", {})),
}

test_tls if {
	count(ingress_tls.warn) == 0 with input as ingress({"spec": {"tls": [{"hosts": ["shop.example.org"], "secretName": "shop"}]}})
}

test_no_tls if {
	ingress_tls.warn == {{
		"id": "KUBE-018", "path": ["spec", "rules", 0, "host"], "params": {"name": "shop", "host": "shop.example.org"}, "resource": "shop.example.org",
	}} with input as ingress({})
}

test_tls_is_elsewhere if {
	every annotations in [
		{"alb.ingress.kubernetes.io/certificate-arn": "arn:aws:acm:x"}, {"networking.gke.io/managed-certificates": "shop"},
		{"traefik.ingress.kubernetes.io/router.entrypoints": "websecure"}, {"kubernetes.io/ingress.class": "tailscale"},
	] {
		count(ingress_tls.warn) == 0 with input as ingress({"annotations": annotations})
	}
}

test_inside_and_unknown if {
	every host in ["shop.local", "shop.internal", "localhost", "{{ .Values.host }}", 5, null, "shop.127.0.0.1.nip.io"] {
		count(ingress_tls.warn) == 0 with input as ingress({"spec": {"rules": [{"host": host}]}})
	}
}
