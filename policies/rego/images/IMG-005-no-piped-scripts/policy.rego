# METADATA
# title: An image is not built from a script that was never seen
# description: >-
#   Whoever owns that address on the day of the build decides what is in the image, and the next build may get something
#   else from it.
# related_resources:
#   - https://docs.docker.com/build/building/best-practices/
#   - https://slsa.dev/spec/v1.1/threats
# custom:
#   id: IMG-005
#   severity: medium
#   reads: dockerfile
#   message: "RUN pipes a download into a shell"
#   fix: "install a package of a named version, or download a named version and compare its checksum before it runs"
package idp_assess.images.no_piped_scripts

import data.idp_assess.lib.dockerfile
import data.idp_assess.lib.shell

# Anyone on the way can change it.
deny contains answer(i, j) if {
	some [i, j, line] in piped
	contains(line, "http://")
}

# Many well-known tools are installed so.
warn contains answer(i, j) if {
	some [i, j, line] in piped
	not contains(line, "http://")
}

piped contains [i, j, line] if {
	some [i, j, lines] in dockerfile.runs
	some line in lines
	shell.runs_download(line)
}

answer(i, j) := {"id": "IMG-005", "path": ["stages", i, "instructions", j], "params": {}, "resource": "RUN"}
