# What a policy of Kyverno says, of either family of kinds. Sources: https://kyverno.io/docs/policy-types/
package idp_assess.lib.kyverno

# With rules in JMESPath.
classic if {
	input.kind in {"ClusterPolicy", "Policy"}
	is_string(input.apiVersion)
	startswith(input.apiVersion, "kyverno.io/")
}

# With expressions in CEL.
cel if {
	input.kind in {"ValidatingPolicy", "ImageValidatingPolicy", "NamespacedValidatingPolicy", "NamespacedImageValidatingPolicy"}
	is_string(input.apiVersion)
	startswith(input.apiVersion, "policies.kyverno.io/")
}

# Position -> what a rule that validates does with what it finds.
actions[i] := action if {
	classic
	some i, rule in input.spec.rules
	is_object(rule.validate)
	action := own(rule)
}

own(rule) := lower(rule.validate.failureAction) if {
	is_string(rule.validate.failureAction)
} else := lower(input.spec.validationFailureAction) if {
	is_string(input.spec.validationFailureAction)
} else := "audit"

exception if {
	input.kind == "PolicyException"
	is_string(input.apiVersion)
	contains(input.apiVersion, "kyverno.io/")
}
