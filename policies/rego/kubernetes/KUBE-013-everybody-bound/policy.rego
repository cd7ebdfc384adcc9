# METADATA
# title: Rights are not given to everybody
# description: >-
#   `system:authenticated` is every token there is, those of other tenants and of a cloud's whole user base
#   included; `system:unauthenticated` is the network; the default account is every pod of its namespace.
# related_resources:
#   - https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#   - https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles
#   - https://cloud.google.com/kubernetes-engine/docs/best-practices/rbac
# custom:
#   id: KUBE-013
#   severity: high
#   reads: kubernetes
#   message: "{kind} {name} gives the rights of {role} to {whom}"
#   fix: "bind the role to the group or service account that needs it"
#   controls:
#     nist-800-53: [AC-3, AC-6]
#     soc2: [CC6.3]
package idp_assess.kubernetes.everybody_bound

import data.idp_assess.lib.kubernetes

deny contains answer if {
	input.kind == "ClusterRoleBinding"
	some answer in bound
}

# In one namespace it may be meant: what all may read there.
warn contains answer if {
	input.kind == "RoleBinding"
	some answer in bound
	not regex.match(`(?i)read|view|leader-election|proxier|list`, answer.params.role)
}

bound contains {"id": "KUBE-013", "path": ["subjects", i], "params": {"kind": input.kind, "name": kubernetes.name, "role": role, "whom": whom}, "resource": whom} if {
	input.kind in {"ClusterRoleBinding", "RoleBinding"}
	kubernetes.group == "rbac.authorization.k8s.io"
	role := input.roleRef.name
	is_string(role)
	not role in public
	some i, subject in input.subjects
	whom := everybody(subject)
}

# What Kubernetes itself gives to all.
public := {"system:public-info-viewer", "system:discovery", "system:basic-user", "system:service-account-issuer-discovery"}

everybody(subject) := subject.name if {
	subject.kind in {"Group", "User"}
	subject.name in {"system:authenticated", "system:unauthenticated", "system:anonymous", "system:serviceaccounts"}
}

everybody(subject) := "the default service account" if {
	subject.kind == "ServiceAccount"
	subject.name == "default"
}
