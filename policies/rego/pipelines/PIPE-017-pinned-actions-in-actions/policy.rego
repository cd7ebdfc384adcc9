# METADATA
# title: A composite action pins what it uses
# description: >-
#   Whoever pins this action by a commit still runs whatever the tags in it point to on that day: one loose step in it
#   undoes the pin of every workflow that uses it.
# related_resources:
#   - https://docs.github.com/en/actions/reference/security/secure-use
#   - https://docs.zizmor.sh/audits/#unpinned-uses
# custom:
#   id: PIPE-017
#   severity: medium
#   reads: github-action
#   message: "{action} is used by {version}, which its owner can move"
#   fix: "use {action} by the full commit behind {version}, with the tag in a comment"
#   controls:
#     owasp-cicd: [CICD-SEC-3]
package idp_assess.pipelines.pinned_actions_in_actions

import data.idp_assess.lib.workflow

deny contains answer if {
	some used in workflow.uses(input)
	loose(used.uses)
	answer := {
		"id": "PIPE-017",
		"path": used.path,
		"params": {"action": workflow.action(used.uses), "version": workflow.version(used.uses)},
		"resource": used.resource,
	}
}

loose(text) if workflow.tagged(text)

loose(text) if workflow.branch(text)
