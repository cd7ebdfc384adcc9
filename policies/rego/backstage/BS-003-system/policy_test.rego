package idp_assess.backstage.system_test

import data.idp_assess.backstage.system

entity(kind, spec) := {"kind": kind, "metadata": {"name": "shop"}, "spec": spec}

test_missing if {
	system.warn == {{
		"id": "BS-003",
		"path": ["spec"],
		"params": {"kind": "Component", "name": "shop"},
		"resource": "",
	}} with input as entity("Component", {"type": "service"})
	count(system.warn) == 1 with input as entity("API", {"type": "grpc"})
}

test_silent if {
	count(system.warn) == 0 with input as entity("Component", {"type": "service", "system": "checkout"})
	count(system.warn) == 0 with input as entity("Component", {"type": "service", "subcomponentOf": "shop"})
	count(system.warn) == 0 with input as entity("Component", {"type": "library"})
	count(system.warn) == 0 with input as entity("Domain", {"owner": "x"})
	count(system.warn) == 0 with input as entity("Component", null)
}
