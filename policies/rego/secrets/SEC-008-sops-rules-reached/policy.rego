# METADATA
# title: Every creation rule of SOPS is reached, and encrypts
# description: >-
#   The first rule that matches a file is taken. One that matches everything hides those after it, with their keys and what
#   they encrypt; one whose unencrypted_regex matches everything leaves the file in clear text.
# related_resources:
#   - https://getsops.io/docs/
# custom:
#   id: SEC-008
#   severity: medium
#   reads: sops
#   message: "SOPS: {what}"
#   fix: "put the rule for everything last, and say with encrypted_regex what is encrypted"
package idp_assess.secrets.sops_rules_reached

deny contains {"id": "SEC-008", "path": ["creation_rules", i], "params": {"what": "this creation rule matches every file: those after it are never used"}, "resource": "order"} if {
	is_array(input.creation_rules)
	some i, rule in input.creation_rules
	i < count(input.creation_rules) - 1
	is_object(rule)
	everything(object.get(rule, "path_regex", ""))
}

deny contains {"id": "SEC-008", "path": ["creation_rules", i, "unencrypted_regex"], "params": {"what": "this creation rule leaves every value in clear text"}, "resource": "unencrypted"} if {
	some i, rule in input.creation_rules
	is_string(rule.unencrypted_regex)
	everything(rule.unencrypted_regex)
}

everything(pattern) if pattern in {"", ".*", "^.*$", ".+", ".*$", "^.*", "."}
