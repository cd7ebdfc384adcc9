package idp_assess.gitops.release_remediation_test

import data.idp_assess.gitops.release_remediation

release(spec) := {
	"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": "shop"},
	"spec": object.union({"chartRef": {"kind": "OCIRepository", "name": "shop"}}, spec),
}

test_remedied if {
	every spec in [
		{"upgrade": {"remediation": {"retries": 3}}}, {"install": {"remediation": {"retries": -1}}},
		{"upgrade": {"strategy": {"name": "RetryOnFailure"}}}, {"suspend": true, "upgrade": {}}, {}, {"upgrade": 5},
	] {
		count(release_remediation.warn) == 0 with input as release(spec)
	}
}

test_left if {
	every spec in [{"upgrade": {}}, {"install": {"crds": "Create"}}, {"upgrade": {"crds": "Skip"}, "install": 5}] {
		release_remediation.warn == {{"id": "GIT-014", "path": ["spec"], "params": {"name": "shop"}}} with input as release(spec)
	}
}

test_patches_are_silent if count(release_remediation.warn) == 0 with input as json.remove(release({"upgrade": {}}), ["/spec/chartRef"])
