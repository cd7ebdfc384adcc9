# METADATA
# title: What an image downloads is checked
# description: >-
#   ADD of an address puts into the image whatever is there at build time; a changed file is not noticed, and the layer is
#   not cached by it either.
# related_resources:
#   - https://docs.docker.com/reference/dockerfile/#add---checksum
#   - https://docs.docker.com/build/building/best-practices/#add-or-copy
# custom:
#   id: IMG-004
#   severity: medium
#   reads: dockerfile
#   message: "ADD takes {url} as it is on the day of the build"
#   fix: "give the ADD `--checksum=sha256:…`, or a Git address with a commit"
package idp_assess.images.no_remote_add

import data.idp_assess.lib.secrets

deny contains {"id": "IMG-004", "path": ["stages", i, "instructions", j], "params": {"url": url}, "resource": url} if {
	some i, stage in input.stages
	some j, instruction in stage.instructions
	instruction.name == "ADD"
	is_string(instruction.value)
	not checked(instruction)
	url := secrets.address(instruction.value)
	not regex.match(`\.git(#|$|\s)`, instruction.value)
}

checked(instruction) if instruction.flags.checksum
