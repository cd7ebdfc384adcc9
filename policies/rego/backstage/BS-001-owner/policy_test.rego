package idp_assess.backstage.owner_test

import data.idp_assess.backstage.owner

entity(kind, spec) := {"apiVersion": "backstage.io/v1alpha1", "kind": kind, "metadata": {"name": "shop"}, "spec": spec}

found(path, how) := {{"id": "BS-001", "path": path, "params": {"kind": "Component", "name": "shop", "how": how}, "resource": ""}}

test_missing if {
	owner.deny == found(["spec"], "has no owner") with input as entity("Component", {"type": "service"})
}

test_no_reference if {
	every name in ["team@example.org", "group:default/platform team", ""] {
		owner.deny == found(["spec", "owner"], "has an owner that is no reference to an entity") with input as entity("Component", {"owner": name})
	}
}

test_nobody if {
	every name in ["unknown", "guests", "user:guest", "group:default/TBD"] {
		owner.deny == found(["spec", "owner"], "has an owner that is nobody") with input as entity("Component", {"owner": name})
	}
}

test_person_warns if {
	owner.warn == found(["spec", "owner"], "is owned by one person") with input as entity("Component", {"owner": "user:default/jane"})
	count(owner.warn) == 0 with input as entity("Template", {"owner": "user:default/jane"})
}

test_silent if {
	every name in ["platform", "group:default/platform", "group:platform", "backstage/techdocs-core", "${{ values.owner }}"] {
		count(owner.deny | owner.warn) == 0 with input as entity("Component", {"owner": name})
	}
	count(owner.deny) == 0 with input as entity("Group", {"type": "team"})
	count(owner.deny) == 0 with input as entity("Location", {"target": "./x.yaml"})
	count(owner.deny) == 0 with input as entity("Component", "x")
}
