package idp_assess.secrets.sops_rules_reached_test

import data.idp_assess.secrets.sops_rules_reached

paths := {one.path | some one in sops_rules_reached.deny}

test_hidden if {
	every first in [{"age": "a"}, {"path_regex": ".*", "age": "a"}] {
		paths == {["creation_rules", 0]} with input as {"creation_rules": [first, {"path_regex": "x", "age": "b"}]}
	}
}

test_nothing_encrypted if {
	paths == {["creation_rules", 0, "unencrypted_regex"]} with input as {"creation_rules": [{"path_regex": "x", "age": "a", "unencrypted_regex": ".*"}]}
}

test_silent if {
	count(paths) == 0 with input as {"creation_rules": [{"path_regex": "x", "age": "a"}, {"age": "b"}]}
	count(paths) == 0 with input as {"creation_rules": [{"age": "b", "unencrypted_regex": "^(kind|metadata)$"}]}
	every rules in [5, null, [5, null], [{"path_regex": 5}, {}], {"a": {}, "b": {}}] {
		count(paths) == 0 with input as {"creation_rules": rules}
	}
}
