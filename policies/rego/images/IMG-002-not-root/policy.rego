# METADATA
# title: An image says that it does not run as root
# description: >-
#   A process that breaks out, or that writes to a mounted volume, does so as root of the node, and clusters that enforce
#   the restricted profile refuse the image.
# related_resources:
#   - https://docs.docker.com/build/building/best-practices/#user
#   - https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: IMG-002
#   severity: medium
#   reads: dockerfile
#   message: "the image {how}"
#   fix: "end the last stage with `USER 10001` (a number, so that runAsNonRoot can be checked) and give that user what it writes to"
#   controls:
#     cis-docker: ["4.1"]
package idp_assess.images.not_root

import data.idp_assess.lib.dockerfile

# Root, in so many words.
deny contains {"id": "IMG-002", "path": ["stages", i, "instructions", j], "params": {"how": "runs as root by its last USER"}, "resource": "USER"} if {
	i := last
	j := max(users(input.stages[i]))
	root(input.stages[i].instructions[j].value)
}

# The base image may name a user: that is not seen here.
warn contains {"id": "IMG-002", "path": ["stages", i], "params": {"how": "names no user, so that most base images run as root"}, "resource": "FROM"} if {
	i := last
	every at in dockerfile.lineage(input.stages, i) {
		count(users(input.stages[at])) == 0
	}
	runs(input.stages[i])
	base := input.stages[min(dockerfile.lineage(input.stages, i))].image
	is_string(base)
	not regex.match(`(?i)non-?root|unprivileged|rootless|chainguard|bitnami|distroless|jenkins|devcontainers|lambda|\$\{?\w`, base)
}

last := count(input.stages) - 1 if is_array(input.stages)

users(stage) := {j |
	some j, instruction in stage.instructions
	instruction.name == "USER"
}

root(value) if {
	is_string(value)
	regex.match(`(?i)^(root|0)(:\S*)?$`, value)
}

# What says how it is started, by itself, is no base for others.
runs(stage) if {
	some instruction in stage.instructions
	instruction.name in {"CMD", "ENTRYPOINT"}
}
