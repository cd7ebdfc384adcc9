# METADATA
# title: The image's user cannot become root
# description: >-
#   A user with sudo and no password is root with one word more: whoever breaks into the process has both.
# related_resources:
#   - https://docs.docker.com/build/building/best-practices/#user
# custom:
#   id: IMG-007
#   severity: medium
#   reads: dockerfile
#   message: "the image lets a user become root without a password"
#   fix: "do as root what needs root while the image is built, before USER, and leave sudo out"
package idp_assess.images.no_passwordless_sudo

import data.idp_assess.lib.dockerfile

deny contains {"id": "IMG-007", "path": ["stages", i, "instructions", j], "params": {}, "resource": "sudo"} if {
	some [i, j, lines] in dockerfile.runs
	dockerfile.shipped(i)
	some line in lines
	regex.match(`NOPASSWD|sudoers[^|;&]*!authenticate|(^|[\s;&|(])chmod\s+([ugoa]*\+s|[0-7]?[4-7][0-7]{3})\s+\S*/(sh|bash|su|sudo)(\s|$)`, line)
}

# In a build, sudo stands where the instruction should stand before USER.
warn contains {"id": "IMG-007", "path": ["stages", i, "instructions", j], "params": {}, "resource": "curl | sudo"} if {
	some [i, j, lines] in dockerfile.runs
	dockerfile.shipped(i)
	some line in lines
	regex.match(`\|\s*sudo\s+(-\S+\s+)*(/\S*/)?(ba|z)?sh(\s|$)`, line)
}
