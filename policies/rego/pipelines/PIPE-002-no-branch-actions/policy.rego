# METADATA
# title: No action runs from a branch
# description: >-
#   Every push to that branch, reviewed or not, runs in the next job with its token and secrets, and nothing in this
#   repository shows that something changed.
# related_resources:
#   - https://docs.github.com/en/actions/reference/security/secure-use
#   - https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
# custom:
#   id: PIPE-002
#   severity: high
#   reads: github-workflow
#   message: "{action} is used from the branch {version}: every push there runs here"
#   fix: "use {action} by the full commit of a release, with its tag in a comment"
#   controls:
#     owasp-cicd: [CICD-SEC-3]
package idp_assess.pipelines.no_branch_actions

import data.idp_assess.lib.workflow

deny contains answer(used) if {
	some used in workflow.uses(input)
	workflow.branch(used.uses)
	not workflow.called(used.uses)
}

# A called workflow is mostly one of the same organization, which this file does not tell.
warn contains answer(used) if {
	some used in workflow.uses(input)
	workflow.branch(used.uses)
	workflow.called(used.uses)
}

answer(used) := {
	"id": "PIPE-002",
	"path": used.path,
	"params": {"action": workflow.action(used.uses), "version": workflow.version(used.uses)},
	"resource": used.resource,
}
