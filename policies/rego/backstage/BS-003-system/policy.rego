# METADATA
# title: A service, a website or an API belongs to a system
# description: >-
#   Without a system nobody sees what it is a part of, and what breaks with it.
# related_resources:
#   - https://backstage.io/docs/features/software-catalog/system-model
# custom:
#   id: BS-003
#   severity: info
#   reads: backstage
#   message: "{kind} {name} is part of no system"
#   fix: "set spec.system to the system that it is a part of"
package idp_assess.backstage.system

warn contains answer if {
	is_object(input.spec)
	part(input.kind, object.get(input.spec, "type", ""))
	not input.spec.system
	not input.spec.subcomponentOf
	answer := {
		"id": "BS-003",
		"path": ["spec"],
		"params": {"kind": input.kind, "name": object.get(input, ["metadata", "name"], "without a name")},
		"resource": "",
	}
}

part("Component", type) if type in {"service", "website"}

part("API", _)
