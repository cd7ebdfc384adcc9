# METADATA
# title: An empty repository does not empty the cluster
# description: >-
#   With `allowEmpty` a wrong path, a failed generator or an emptied directory deletes everything that the
#   application has, volumes included.
# related_resources:
#   - https://argo-cd.readthedocs.io/en/stable/user-guide/auto_sync/#automatic-pruning-with-allow-empty-v18
# custom:
#   id: GIT-009
#   severity: high
#   reads: kubernetes
#   message: "this application deletes everything when Git yields nothing"
#   fix: "remove `allowEmpty`"
#   controls:
#     nist-800-53: [CP-9]
package idp_assess.gitops.allow_empty

import data.idp_assess.lib.gitops

deny contains {"id": "GIT-009", "path": array.concat(gitops.application.path, ["syncPolicy", "automated", "allowEmpty"]), "params": {}} if {
	gitops.automated.allowEmpty == true
	gitops.automated.prune == true
}
