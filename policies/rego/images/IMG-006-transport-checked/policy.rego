# METADATA
# title: A build checks whom it downloads from
# description: >-
#   With the certificate or the signature unchecked, anyone between the builder and the server puts what they like into the
#   image.
# related_resources:
#   - https://curl.se/docs/sslcerts.html
#   - https://wiki.debian.org/SecureApt
# custom:
#   id: IMG-006
#   severity: high
#   reads: dockerfile
#   message: "{how} downloads without a check of whom from"
#   fix: "take it out; add the certificate authority or the signing key that is missing to the image instead"
package idp_assess.images.transport_checked

import data.idp_assess.lib.dockerfile

deny contains {"id": "IMG-006", "path": ["stages", i, "instructions", j], "params": {"how": how}, "resource": how} if {
	some [i, j, lines] in dockerfile.runs
	some line in lines
	some how, pattern in unchecked
	regex.match(pattern, line)
}

deny contains {"id": "IMG-006", "path": ["stages", i, "instructions", j], "params": {"how": "NODE_TLS_REJECT_UNAUTHORIZED=0"}, "resource": "ENV"} if {
	some i, stage in input.stages
	some j, instruction in stage.instructions
	instruction.name == "ENV"
	is_string(instruction.value)
	regex.match(`NODE_TLS_REJECT_UNAUTHORIZED[= ]["']?0|GIT_SSL_NO_VERIFY[= ]["']?(1|true)|PYTHONHTTPSVERIFY[= ]["']?0`, instruction.value)
}

unchecked := {
	"curl --insecure": `(^|[\s;&|(])curl\s([^|;&]*\s)?(-[a-zA-Z]*k[a-zA-Z]*|--insecure)(\s|$)`,
	"wget --no-check-certificate": `(^|[\s;&|(])wget\s([^|;&]*\s)?--no-check-certificate(\s|$)`,
	"apt --allow-unauthenticated": `(^|[\s;&|(])apt(-get)?\s([^|;&]*\s)?(--allow-unauthenticated|--force-yes)(\s|$)`,
	"yum --nogpgcheck": `(^|[\s;&|(])(yum|dnf|microdnf|zypper)\s([^|;&]*\s)?(--nogpgcheck|--no-gpg-checks?)(\s|$)`,
	"apk --allow-untrusted": `(^|[\s;&|(])apk\s([^|;&]*\s)?--allow-untrusted(\s|$)`,
	"npm strict-ssl=false": `(^|[\s;&|(])(npm|yarn)\s+config\s+set\s+strict-ssl[\s=]+false`,
	"git http.sslVerify=false": `(^|[\s;&|(])git\s[^|;&]*http\.sslVerify[\s=]+["']?false`,
	"pip --trusted-host": `(^|[\s;&|(])pip3?\s([^|;&]*\s)?--trusted-host(\s|=)`,
}
