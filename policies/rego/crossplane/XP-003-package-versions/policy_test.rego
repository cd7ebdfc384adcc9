package idp_assess.crossplane.package_versions_test

import data.idp_assess.crossplane.package_versions

provider(package_name) := {"apiVersion": "pkg.crossplane.io/v1", "kind": "Provider", "metadata": {"name": "aws"}, "spec": {"package": package_name}}

test_pinned if {
	every name in ["xpkg.crossplane.io/a/provider-aws:v2.1.0", "registry.example.org:5000/a@sha256:0123", "{{ package }}", 5, null] {
		count(package_versions.deny) == 0 with input as provider(name)
	}
}

test_loose if {
	every pair in [
		["xpkg.crossplane.io/a/provider-aws", "no version"], ["xpkg.crossplane.io/a/provider-aws:latest", "a tag that moves"],
		["crossplane-contrib/provider-aws:v2.1.0", "no registry"],
	] {
		package_versions.deny == {{"id": "XP-003", "path": ["spec", "package"], "params": {"package": pair[0], "what": pair[1]}}} with input as provider(pair[0])
	}
}

test_providers_of_others_are_silent if {
	count(package_versions.deny) == 0 with input as json.patch(provider("a"), [{"op": "replace", "path": "/apiVersion", "value": "notification.toolkit.fluxcd.io/v1beta3"}])
}
