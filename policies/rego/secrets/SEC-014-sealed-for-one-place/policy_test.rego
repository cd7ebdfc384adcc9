package idp_assess.secrets.sealed_for_one_place_test

import data.idp_assess.secrets.sealed_for_one_place

sealed(annotations) := {"apiVersion": "bitnami.com/v1alpha1", "kind": "SealedSecret", "metadata": {"name": "db", "annotations": annotations}}

test_cluster_wide if {
	sealed_for_one_place.deny == {{
		"id": "SEC-014",
		"path": ["metadata", "annotations", "sealedsecrets.bitnami.com/cluster-wide"],
		"params": {"secret": "db", "where": "every namespace of the cluster"},
		"resource": "",
	}} with input as sealed({"sealedsecrets.bitnami.com/cluster-wide": "true"})
}

test_namespace_wide_warns if {
	count(sealed_for_one_place.deny) == 0 with input as sealed({"sealedsecrets.bitnami.com/namespace-wide": "true"})
	count(sealed_for_one_place.warn) == 1 with input as sealed({"sealedsecrets.bitnami.com/namespace-wide": "true"})
}

test_silent if {
	every annotations in [{"sealedsecrets.bitnami.com/cluster-wide": "false"}, {}, null, 5] {
		count(sealed_for_one_place.deny | sealed_for_one_place.warn) == 0 with input as sealed(annotations)
	}
}
