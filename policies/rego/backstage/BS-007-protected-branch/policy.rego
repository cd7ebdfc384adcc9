# METADATA
# title: A repository is born with a protected default branch
# description: >-
#   What a template leaves open stays open: every component made from it can be changed, and deployed, without a review.
# related_resources:
#   - https://backstage.io/docs/features/software-templates/builtin-actions
#   - https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches
# custom:
#   id: BS-007
#   severity: high
#   reads: backstage
#   message: "step {step} makes a repository whose default branch is not protected"
#   fix: "take `protectDefaultBranch: false` out (protected is the default), and ask for reviews and checks in the step"
#   controls:
#     soc2: [CC8.1]
package idp_assess.backstage.protected_branch

import data.idp_assess.lib.backstage

deny contains {"id": "BS-007", "path": ["spec", "steps", i, "input", "protectDefaultBranch"], "params": {"step": backstage.named(step)}, "resource": backstage.named(step)} if {
	some i, step in backstage.steps
	regex.match(`^(publish:github|github:repo:create|github:repo:push)$`, step.action)
	step.input.protectDefaultBranch == false
}
