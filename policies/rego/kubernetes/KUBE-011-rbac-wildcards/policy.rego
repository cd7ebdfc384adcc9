# METADATA
# title: A role names what it allows
# description: >-
#   `*` for verbs and resources is every right, to kinds too that are installed later: to read all secrets, and to
#   give more rights to oneself.
# related_resources:
#   - https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#   - https://kubernetes.io/docs/reference/access-authn-authz/rbac/
# custom:
#   id: KUBE-011
#   severity: high
#   reads: kubernetes
#   message: "{kind} {name} allows every verb on every resource of {groups}"
#   fix: "list the resources and verbs that are used"
#   controls:
#     nist-800-53: [AC-6]
#     soc2: [CC6.3]
package idp_assess.kubernetes.rbac_wildcards

import data.idp_assess.lib.kubernetes

deny contains {"id": "KUBE-011", "path": ["rules", i], "params": {"kind": input.kind, "name": kubernetes.name, "groups": groups}, "resource": groups} if {
	input.kind == "ClusterRole"
	kubernetes.group == "rbac.authorization.k8s.io"
	some i, rule in input.rules
	"*" in rule.resources
	"*" in rule.verbs
	groups := wide(rule.apiGroups)
	not kubernetes.name in {"cluster-admin", "admin"}
	not kubernetes.deployer(kubernetes.name)
}

# Everything of one group of its own is how an operator's role looks; of the core group it is the secrets.
wide(groups) := "all groups" if {
	"*" in groups
} else := "the core group" if {
	"" in groups
}
