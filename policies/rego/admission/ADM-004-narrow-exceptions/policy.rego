# METADATA
# title: An exception names what is excepted, and from what
# description: >-
#   An exception for all rules, or for a kind in every namespace, switches the policy off: the next object that it
#   would have refused is let in, too.
# related_resources:
#   - https://kyverno.io/docs/writing-policies/exceptions/
# custom:
#   id: ADM-004
#   severity: high
#   reads: kubernetes
#   message: "exception {name} covers {what}"
#   fix: "name the rules, the namespaces and the objects in exception {name}"
#   controls:
#     nist-800-53: [CM-3, CM-7]
package idp_assess.admission.narrow_exceptions

import data.idp_assess.lib.kyverno

deny contains {"id": "ADM-004", "path": ["spec", "exceptions", i], "params": {"name": input.metadata.name, "what": "every rule"}, "resource": concat("/", ["rules", policy])} if {
	kyverno.exception
	is_string(input.metadata.name)
	some i, entry in input.spec.exceptions
	policy := entry.policyName
	is_string(policy)
	some all in [policy, names(entry)]
	all == "*"
}

deny contains {"id": "ADM-004", "path": ["spec", "match", way, i, "resources"], "params": {"name": input.metadata.name, "what": "its kinds in every namespace"}, "resource": concat("/", ["match", way])} if {
	kyverno.exception
	is_string(input.metadata.name)
	some way in ["any", "all"]
	some i, entry in input.spec.match[way]
	is_object(entry.resources)
	not narrowed(entry)
	not input.spec.conditions
}

deny contains {"id": "ADM-004", "path": ["spec", "policyRefs"], "params": {"name": input.metadata.name, "what": "everything that the policy is about"}} if {
	kyverno.exception
	is_string(input.metadata.name)
	is_array(input.spec.policyRefs)
	not limited
}

names(entry) := "*" if {
	"*" in entry.ruleNames
} else := ""

narrowed(entry) if {
	some by in ["namespaces", "names", "name", "selector", "namespaceSelector", "annotations"]
	value := entry.resources[by]
	not value in [[], ["*"], {}, "*", ""]
}

narrowed(entry) if {
	some by in ["subjects", "roles", "clusterRoles"]
	entry[by]
}

limited if {
	some by in ["matchConditions", "images", "allowedValues"]
	value := input.spec[by]
	not value in [[], null]
}
