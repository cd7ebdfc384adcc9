package idp_assess.admission.exceptions_end_test

import data.idp_assess.admission.exceptions_end

exception(metadata, spec) := {
	"apiVersion": "kyverno.io/v2", "kind": "PolicyException", "metadata": object.union({"name": "a"}, metadata), "spec": spec,
}

test_ends if {
	count(exceptions_end.warn) == 0 with input as exception({"labels": {"cleanup.kyverno.io/ttl": "2027-03-31"}}, {})
	count(exceptions_end.warn) == 0 with input as exception({"annotations": {"example.org/expires": "2027-03-31"}}, {})
	count(exceptions_end.warn) == 0 with input as exception({}, {"expiresAt": "2027-03-31T00:00:00Z"})
}

test_endless if {
	every metadata in [{}, {"labels": {"team": "a"}}, {"labels": 5}, {"labels": {"cleanup.kyverno.io/ttl": ""}}] {
		exceptions_end.warn == {{"id": "ADM-005", "path": ["metadata", "name"], "params": {"name": "a"}}} with input as exception(metadata, {})
	}
}
