# METADATA
# title: What Crossplane may do with a resource is said in its words
# description: >-
#   A policy that it does not know, or a set without `Observe`, stops the resource from being reconciled: it is
#   neither changed nor watched, while Git says otherwise.
# related_resources:
#   - https://docs.crossplane.io/latest/managed-resources/managed-resources/#managementpolicies
# custom:
#   id: XP-004
#   severity: medium
#   reads: kubernetes
#   message: "{kind} has {what} in its management policies"
#   fix: "list `Observe` and what else is allowed of Create, Update, Delete and LateInitialize, or `*`"
package idp_assess.crossplane.management_policies

import data.idp_assess.lib.crossplane
import data.idp_assess.lib.text

deny contains {"id": "XP-004", "path": array.concat(managed.path, ["managementPolicies"]), "params": {"kind": managed.kind, "what": what}, "resource": concat(".", [part | some part in managed.path; is_string(part)])} if {
	some managed in crossplane.managed
	what := wrong(managed.spec.managementPolicies)
}

wrong(policies) := "nothing, which pauses it," if {
	policies == []
} else := "a word that Crossplane does not know" if {
	some policy in policies
	not policy in words
	not template(policy)
} else := "no `Observe`" if {
	is_array(policies)
	not "*" in policies
	not "Observe" in policies
	every policy in policies {
		policy in words
	}
}

words := {"Observe", "Create", "Update", "Delete", "LateInitialize", "*"}

template(policy) if {
	is_string(policy)
	not text.known(policy)
}
