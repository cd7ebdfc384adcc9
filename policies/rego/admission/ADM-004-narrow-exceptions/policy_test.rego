package idp_assess.admission.narrow_exceptions_test

import data.idp_assess.admission.narrow_exceptions

exception(rules, resources) := {
	"apiVersion": "kyverno.io/v2", "kind": "PolicyException", "metadata": {"name": "a"},
	"spec": {"exceptions": [{"policyName": "host-path", "ruleNames": rules}], "match": {"any": [{"resources": resources}]}},
}

cel(spec) := {
	"apiVersion": "policies.kyverno.io/v1", "kind": "PolicyException", "metadata": {"name": "a"},
	"spec": object.union({"policyRefs": [{"kind": "ValidatingPolicy", "name": "host-path"}]}, spec),
}

test_narrow if {
	every resources in [{"kinds": ["Pod"], "namespaces": ["monitoring"]}, {"names": ["node-exporter*"]}, {"kinds": ["Pod"], "selector": {"matchLabels": {"a": "b"}}}] {
		count(narrow_exceptions.deny) == 0 with input as exception(["host-path"], resources)
	}
	count(narrow_exceptions.deny) == 0 with input as cel({"matchConditions": [{"name": "a", "expression": "b"}]})
}

test_wide if {
	{answer.path | some answer in narrow_exceptions.deny} == {["spec", "match", "any", 0, "resources"]} with input as exception(["host-path"], {"kinds": ["Pod"]})
	{answer.path | some answer in narrow_exceptions.deny} == {["spec", "exceptions", 0]} with input as exception(["*"], {"names": ["a"]})
	{answer.path | some answer in narrow_exceptions.deny} == {["spec", "policyRefs"]} with input as cel({})
}

test_other_kinds_are_silent if {
	count(narrow_exceptions.deny) == 0 with input as json.patch(exception(["*"], {}), [{"op": "replace", "path": "/apiVersion", "value": "example.org/v1"}])
	count(narrow_exceptions.deny) == 0 with input as exception(5, 5)
}
