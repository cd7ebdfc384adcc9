# METADATA
# title: A component or API says in which lifecycle it is
# description: >-
#   Who finds it decides by the lifecycle whether to build on it. A word of one's own is in no filter and no scorecard.
# related_resources:
#   - https://backstage.io/docs/features/software-catalog/descriptor-format#speclifecycle-required
# custom:
#   id: BS-002
#   severity: low
#   reads: backstage
#   message: "{kind} {name} {how}"
#   fix: "set spec.lifecycle to experimental, production or deprecated"
package idp_assess.backstage.lifecycle

import data.idp_assess.lib.backstage

deny contains answer(["spec"], "has no lifecycle") if {
	input.kind in {"Component", "API"}
	is_object(input.spec)
	not input.spec.lifecycle
}

# An organization may have agreed on words of its own.
warn contains answer(["spec", "lifecycle"], "has a lifecycle that is none of the well-known ones") if {
	input.kind in {"Component", "API"}
	is_string(input.spec.lifecycle)
	not lower(input.spec.lifecycle) in {"experimental", "production", "deprecated", "development", "staging", "beta", "alpha", "preview", "retired"}
	not backstage.templated(input.spec.lifecycle)
}

answer(path, how) := {
	"id": "BS-002",
	"path": path,
	"params": {"kind": input.kind, "name": object.get(input, ["metadata", "name"], "without a name"), "how": how},
	"resource": "",
}
