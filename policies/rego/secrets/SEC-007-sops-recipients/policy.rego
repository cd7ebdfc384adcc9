# METADATA
# title: Every creation rule of SOPS names who can decrypt
# description: >-
#   A rule without a key takes whatever the person at the keyboard has set: one file is encrypted for the team, the next for
#   one laptop.
# related_resources:
#   - https://getsops.io/docs/
# custom:
#   id: SEC-007
#   severity: medium
#   reads: sops
#   message: "a creation rule names no key: who can decrypt depends on who encrypts"
#   fix: "name the keys in the rule (age, a KMS key or key_groups), the cluster's and the team's among them"
package idp_assess.secrets.sops_recipients

deny contains {"id": "SEC-007", "path": ["creation_rules", i], "params": {}, "resource": resource(rule)} if {
	some i, rule in input.creation_rules
	is_object(rule)
	count(recipients(rule)) == 0
}

recipients(rule) := {key |
	some key in ["age", "pgp", "kms", "gcp_kms", "azure_keyvault", "hc_vault", "hc_vault_transit_uri", "hckms", "key_groups"]
	given(rule[key])
}

given(value) if {
	is_string(value)
	value != ""
}

given(value) if {
	is_array(value)
	count(value) > 0
}

resource(rule) := rule.path_regex if {
	is_string(rule.path_regex)
} else := ""
