package idp_assess.backstage.lifecycle_test

import data.idp_assess.backstage.lifecycle

entity(kind, spec) := {"kind": kind, "metadata": {"name": "shop"}, "spec": spec}

test_missing if {
	lifecycle.deny == {{
		"id": "BS-002",
		"path": ["spec"],
		"params": {"kind": "API", "name": "shop", "how": "has no lifecycle"},
		"resource": "",
	}} with input as entity("API", {"type": "openapi"})
}

test_own_word_warns if {
	count(lifecycle.deny) == 0 with input as entity("Component", {"lifecycle": "unknown"})
	lifecycle.warn == {{
		"id": "BS-002",
		"path": ["spec", "lifecycle"],
		"params": {"kind": "Component", "name": "shop", "how": "has a lifecycle that is none of the well-known ones"},
		"resource": "",
	}} with input as entity("Component", {"lifecycle": "unknown"})
}

test_silent if {
	every word in ["production", "Experimental", "deprecated", "${{ values.lifecycle }}"] {
		count(lifecycle.deny | lifecycle.warn) == 0 with input as entity("Component", {"lifecycle": word})
	}
	count(lifecycle.deny) == 0 with input as entity("System", {"owner": "x"})
	count(lifecycle.deny | lifecycle.warn) == 0 with input as entity("Component", 5)
}
