# METADATA
# title: Every entity has an owner that the catalog can know
# description: >-
#   The owner is who is asked, who is paged and whose page lists the entity. A mail address, a placeholder or no owner at
#   all is nobody: the entity is an orphan in every view and in every scorecard.
# related_resources:
#   - https://backstage.io/docs/features/software-catalog/descriptor-format#specowner-required
#   - https://backstage.io/docs/features/software-catalog/references
# custom:
#   id: BS-001
#   severity: medium
#   reads: backstage
#   message: "{kind} {name} {how}"
#   fix: "set spec.owner to the group that answers for it, such as `group:default/payments`"
package idp_assess.backstage.owner

import data.idp_assess.lib.backstage

deny contains answer(path, how) if {
	input.kind in backstage.owned
	some [path, how] in faults
}

# A person leaves, changes teams, has holidays.
warn contains answer(["spec", "owner"], "is owned by one person") if {
	input.kind in (backstage.owned - {"Template"})
	is_string(input.spec.owner)
	startswith(lower(input.spec.owner), "user:")
	not nobody(input.spec.owner)
}

answer(path, how) := {
	"id": "BS-001",
	"path": path,
	"params": {"kind": input.kind, "name": object.get(input, ["metadata", "name"], "without a name"), "how": how},
	"resource": "",
}

faults contains [["spec"], "has no owner"] if {
	is_object(input.spec)
	not input.spec.owner
}

faults contains [["spec", "owner"], "has an owner that is no reference to an entity"] if {
	is_string(input.spec.owner)
	not backstage.reference(input.spec.owner)
	not backstage.templated(input.spec.owner)
}

faults contains [["spec", "owner"], "has an owner that is nobody"] if nobody(input.spec.owner)

nobody(owner) if {
	is_string(owner)
	regex.match(`(?i)^((group|user):)?(default/)?(unknown|guests?|tbd|todo|none|nobody|n-?a|unowned|not-?set|example(-\w+)?|your-\w+|change-?me)$`, owner)
}
