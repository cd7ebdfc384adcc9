# METADATA
# title: What is merged is applied by itself
# description: >-
#   Without automated sync somebody has to press a button after each merge: what runs is not what Git says, and
#   for how long nobody knows.
# related_resources:
#   - https://argo-cd.readthedocs.io/en/stable/user-guide/auto_sync/
# custom:
#   id: GIT-001
#   severity: medium
#   reads: kubernetes
#   message: "this application is not synchronised by itself"
#   fix: "add `syncPolicy.automated` with `prune` and `selfHeal`; keep production back by a branch, a tag or a sync window"
#   controls:
#     nist-800-53: [CM-3]
#     soc2: [CC8.1]
package idp_assess.gitops.automated_sync

import data.idp_assess.lib.gitops

warn contains {"id": "GIT-001", "path": array.concat(gitops.application.path, nearest), "params": {}} if {
	gitops.application
	not gitops.automated
	not gitops.patched
	not templated
}

nearest := ["syncPolicy"] if {
	is_object(gitops.application.spec.syncPolicy)
} else := []

templated if is_string(gitops.application.spec.syncPolicy)

templated if is_string(gitops.application.spec.syncPolicy.automated)
