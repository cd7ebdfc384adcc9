package idp_assess.gitops.source_refs_test

import data.idp_assess.gitops.source_refs

source(kind, spec) := {
	"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": kind, "metadata": {"name": "shop"},
	"spec": object.union({"url": "oci://registry.example.org/shop"}, spec),
}

test_named if {
	every ref in [{"tag": "1.4.2"}, {"digest": "sha256:0123"}, {"semver": "1.x"}, {"semver": ">=1.0.0 <2.0.0"}, "{{ ref }}"] {
		count(source_refs.deny) == 0 with input as source("OCIRepository", {"ref": ref})
	}
	count(source_refs.deny) == 0 with input as source("GitRepository", {"ref": {"branch": "main"}})
}

test_moves if {
	source_refs.deny == {{
		"id": "GIT-012", "path": ["spec", "ref", "tag"], "params": {"kind": "OCIRepository", "name": "shop", "what": "a tag that moves"},
	}} with input as source("OCIRepository", {"ref": {"tag": "latest"}})
	count(source_refs.deny) == 1 with input as source("OCIRepository", {"ref": {"semver": "*"}})
	count(source_refs.deny) == 1 with input as source("OCIRepository", {})
	count(source_refs.deny) == 1 with input as source("GitRepository", {})
}

test_patches_are_silent if {
	count(source_refs.deny) == 0 with input as json.remove(source("GitRepository", {}), ["/spec/url"])
}
