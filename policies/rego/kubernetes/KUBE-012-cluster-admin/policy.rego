# METADATA
# title: No workload is cluster-admin
# description: >-
#   A token of this service account lies in every pod that uses it: whoever reads one file there owns the cluster.
# related_resources:
#   - https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#   - https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
# custom:
#   id: KUBE-012
#   severity: high
#   reads: kubernetes
#   message: "service account {namespace}/{account} is cluster-admin"
#   fix: "bind {account} to a role with the rights that it uses"
#   controls:
#     nist-800-53: [AC-6]
#     soc2: [CC6.3]
package idp_assess.kubernetes.cluster_admin

import data.idp_assess.lib.kubernetes

deny contains {"id": "KUBE-012", "path": ["subjects", i], "params": {"namespace": namespace, "account": subject.name}, "resource": concat("/", [namespace, subject.name])} if {
	input.kind == "ClusterRoleBinding"
	kubernetes.group == "rbac.authorization.k8s.io"
	input.roleRef.name == "cluster-admin"
	some i, subject in input.subjects
	subject.kind == "ServiceAccount"
	is_string(subject.name)
	namespace := object.get(subject, "namespace", "")
	is_string(namespace)
	not kubernetes.deployer(subject.name)
}
