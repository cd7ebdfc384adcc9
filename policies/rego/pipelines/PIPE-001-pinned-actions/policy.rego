# METADATA
# title: What other owners publish is used by commit
# description: >-
#   A tag can be moved to other code by whoever owns, or has taken over, that repository, and the next run hands it the
#   job's token and secrets. A full commit is always the code that was reviewed.
# related_resources:
#   - https://docs.github.com/en/actions/reference/security/secure-use
#   - https://docs.zizmor.sh/audits/#unpinned-uses
# custom:
#   id: PIPE-001
#   severity: medium
#   reads: github-workflow
#   message: "{action} is used by the tag {version}, which its owner can move"
#   fix: "use {action} by the full commit behind {version}, with the tag in a comment, and let Dependabot or Renovate raise it"
#   controls:
#     owasp-cicd: [CICD-SEC-3]
#     slsa: [dependencies]
package idp_assess.pipelines.pinned_actions

import data.idp_assess.lib.workflow

deny contains answer(used) if {
	some used in workflow.uses(input)
	workflow.tagged(used.uses)
	not workflow.called(used.uses)
}

# A called workflow is mostly one of the same organization, which this file does not tell.
warn contains answer(used) if {
	some used in workflow.uses(input)
	workflow.tagged(used.uses)
	workflow.called(used.uses)
}

answer(used) := {
	"id": "PIPE-001",
	"path": used.path,
	"params": {"action": workflow.action(used.uses), "version": workflow.version(used.uses)},
	"resource": used.resource,
}
