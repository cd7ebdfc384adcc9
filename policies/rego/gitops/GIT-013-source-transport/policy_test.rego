package idp_assess.gitops.source_transport_test

import data.idp_assess.gitops.source_transport

application(automated) := {
	"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "shop"},
	"spec": {
		"project": "shop", "source": {"repoURL": "https://git.example.org/shop.git", "path": "a"},
		"destination": {"namespace": "shop"}, "syncPolicy": {"automated": automated},
	},
}

of_set(app) := {
	"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "metadata": {"name": "shop"},
	"spec": {"generators": [], "template": {"spec": app.spec}},
}

healed := {"prune": true, "selfHeal": true}

source(kind, spec) := {"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": kind, "metadata": {"name": "shop"}, "spec": spec}

test_tls if {
	every url in ["https://charts.example.org", "oci://registry.example.org/shop", "ssh://git@git.example.org/shop", "http://chartmuseum.charts.svc:8080", "{{ url }}"] {
		count(source_transport.deny) == 0 with input as source("HelmRepository", {"url": url})
	}
}

test_open if {
	source_transport.deny == {{
		"id": "GIT-013", "path": ["spec", "url"], "params": {"kind": "HelmRepository", "name": "shop", "how": "over plain http"},
	}} with input as source("HelmRepository", {"url": "http://charts.example.org"})
	source_transport.deny == {{
		"id": "GIT-013", "path": ["spec", "insecure"], "params": {"kind": "OCIRepository", "name": "shop", "how": "without TLS"},
	}} with input as source("OCIRepository", {"url": "oci://registry.example.org/shop", "insecure": true})
}

test_applications if {
	with_url := json.patch(application(healed), [{"op": "replace", "path": "/spec/source/repoURL", "value": "http://git.example.org/shop.git"}])
	count(source_transport.deny) == 1 with input as with_url
	count(source_transport.deny) == 0 with input as application(healed)
}
