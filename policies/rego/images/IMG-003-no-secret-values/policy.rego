# METADATA
# title: No secret is written into an image
# description: >-
#   ENV and ARG stay in the image's configuration and history: whoever can pull the image can read them, long after the
#   line was taken out.
# related_resources:
#   - https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/
#   - https://docs.docker.com/build/building/secrets/
# custom:
#   id: IMG-003
#   severity: high
#   reads: dockerfile
#   message: "{instruction} {name} puts a secret into the image"
#   fix: "hand it to the build with `RUN --mount=type=secret,id={name}`, or to the container when it starts; then rotate it"
#   controls:
#     cis-docker: ["4.10"]
package idp_assess.images.no_secret_values

import data.idp_assess.lib.secrets

# A value that stands there.
deny contains answer(i, j, instruction.name, name) if {
	some i, stage in input.stages
	some j, instruction in stage.instructions
	instruction.name in {"ENV", "ARG"}
	some name, value in pairs(instruction.value)
	secrets.names_one(name)
	secrets.literal(value)
}

# A value that the build hands over: it stays in the history all the same.
warn contains answer(i, j, "ENV", name) if {
	some i, stage in input.stages
	some j, instruction in stage.instructions
	instruction.name == "ENV"
	some name, value in pairs(instruction.value)
	secrets.names_one(name)
	regex.match(`^\$\{?\w+\}?$`, value)
}

answer(i, j, instruction, name) := {
	"id": "IMG-003",
	"path": ["stages", i, "instructions", j],
	"params": {"instruction": instruction, "name": name},
	"resource": name,
}

# The names and values that an ENV or ARG gives, quotes off.
pairs(text) := {name: trim(value, `"'`) |
	some [_, name, value] in regex.find_all_string_submatch_n(`(?:^|\s)([A-Za-z_]\w*)=("[^"]*"|'[^']*'|\S*)`, text, -1)
} if {
	is_string(text)
	regex.match(`^\s*\w+=`, text)
} else := {name: trim(value, `"'`) |
	some [_, name, value] in regex.find_all_string_submatch_n(`^\s*(\w+)\s+(\S.*)$`, text, -1)
} if {
	is_string(text)
}
