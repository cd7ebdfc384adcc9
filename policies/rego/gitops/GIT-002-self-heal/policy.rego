# METADATA
# title: A change made by hand does not last
# description: >-
#   Without self-heal a change by kubectl stays until the next commit: the cluster is not what was reviewed, and
#   the next sync undoes a fix that nobody wrote down.
# related_resources:
#   - https://argo-cd.readthedocs.io/en/stable/user-guide/auto_sync/#automatic-self-healing
# custom:
#   id: GIT-002
#   severity: medium
#   reads: kubernetes
#   message: "a change made by hand to this application stays"
#   fix: "set `selfHeal: true` under `syncPolicy.automated`"
#   controls:
#     nist-800-53: [CM-3, CM-6]
#     soc2: [CC8.1]
package idp_assess.gitops.self_heal

import data.idp_assess.lib.gitops

deny contains {"id": "GIT-002", "path": array.concat(gitops.application.path, nearest), "params": {}} if {
	automated := gitops.automated
	not automated.selfHeal == true
	not filled_in
	not gitops.patched
}

nearest := ["syncPolicy", "automated", "selfHeal"] if {
	_ = gitops.automated.selfHeal
} else := ["syncPolicy", "automated"]

# By a template, per element.
filled_in if is_string(gitops.automated.selfHeal)
