# METADATA
# title: An image is built on a release that still gets security fixes
# description: >-
#   After its end of life nobody mends what is found in a distribution or runtime: every scan of the image only gets worse,
#   and no rebuild helps.
# related_resources:
#   - https://endoflife.date/
#   - https://docs.docker.com/build/building/best-practices/#choose-the-right-base-image
# custom:
#   id: IMG-009
#   severity: medium
#   reads: dockerfile
#   message: "{image} is of a release without security fixes: its support had ended by {ended}"
#   fix: "build on a release that is supported: {instead}"
package idp_assess.images.supported_base

import data.idp_assess.lib.dockerfile
import data.idp_assess.lib.image

deny contains answer if {
	some i, stage in input.stages
	dockerfile.external(input.stages, i)
	some ended in releases
	regex.match(ended.name, image.bare(stage.image))
	regex.match(ended.tag, image.tag(stage.image))
	answer := {
		"id": "IMG-009",
		"path": ["stages", i],
		"params": {"image": stage.image, "ended": ended.since, "instead": ended.instead},
		"resource": stage.image,
	}
}

# Source: https://endoflife.date/ (each product's page), as of 2026-11.
releases := [
	{"name": `(^|/)node$`, "tag": `^(4|5|6|7|8|9|10|11|12|13|14|15|16|17|19|21|23)([.-]|$)`, "since": "2025", "instead": "node 22 or 24"},
	{"name": `(^|/)node$`, "tag": `^(18|20|25)([.-]|$)`, "since": "2026-06", "instead": "node 22 or 24"},
	{"name": `(^|/)python$`, "tag": `^(2(\.|-|$)|3\.[0-9]([.-]|$))`, "since": "2025-10", "instead": "python 3.13 or 3.14"},
	{"name": `(^|/)python$`, "tag": `^3\.10([.-]|$)`, "since": "2026-10", "instead": "python 3.13 or 3.14"},
	{"name": `(^|/)(golang|go)$`, "tag": `^1\.([0-9]|1[0-9]|2[0-4])([.-]|$)`, "since": "2026-02", "instead": "the two newest minor versions of Go"},
	{"name": `(^|/)ruby$`, "tag": `^(1|2|3\.[0-2])([.-]|$)`, "since": "2026-03", "instead": "ruby 3.4 or 4.0"},
	{"name": `(^|/)php$`, "tag": `^([4-7]([.-]|$)|8\.[01]([.-]|$))`, "since": "2025-12", "instead": "php 8.4 or 8.5"},
	{"name": `^(docker\.io/)?(library/)?debian$`, "tag": `^(wheezy|jessie|stretch|buster|bullseye|[6-9]|1[01])([.-]|$)`, "since": "2026-08", "instead": "debian 13"},
	{"name": `^(docker\.io/)?(library/)?ubuntu$`, "tag": `^(1[0-9]\.[0-9]+|20\.(04|10)|21\.(04|10)|22\.10|23\.(04|10)|trusty|xenial|bionic|focal|lunar|mantic)([.-]|$)`, "since": "2025-05", "instead": "ubuntu 24.04 or 26.04"},
	{"name": `^(docker\.io/)?(library/)?alpine$`, "tag": `^(2|3\.([0-9]|1[0-9]|2[01]))([.-]|$)`, "since": "2026-11", "instead": "alpine 3.22 or newer"},
	{"name": `^(docker\.io/)?(library/)?centos$`, "tag": `^(centos)?[5-8]([.-]|$)`, "since": "2024-06", "instead": "another distribution: CentOS Linux has ended"},
	{"name": `^(docker\.io/)?(library/)?openjdk$`, "tag": `^[0-9]`, "since": "2022-07", "instead": "eclipse-temurin"},
	{"name": `^(docker\.io/)?(library/)?(postgres|postgresql)$`, "tag": `^(9|1[0-4])([.-]|$)`, "since": "2026-11", "instead": "postgres 17 or 18"},
	{"name": `^mcr\.microsoft\.com/dotnet/(core/)?(sdk|aspnet|runtime)$`, "tag": `^[1-9]\.[0-9]`, "since": "2026-11", "instead": ".NET 10"},
]
