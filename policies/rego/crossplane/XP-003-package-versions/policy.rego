# METADATA
# title: A package is named by the version that was tried
# description: >-
#   A provider runs with rights over a whole cloud account. A tag that moves, or none, installs whatever was
#   pushed last; Crossplane 2 also wants the registry named.
# related_resources:
#   - https://docs.crossplane.io/latest/packages/providers/
#   - https://docs.crossplane.io/latest/guides/upgrade-to-crossplane-v2/
# custom:
#   id: XP-003
#   severity: medium
#   reads: kubernetes
#   message: "package {package} has {what}"
#   fix: "write registry, name and a release tag, such as `xpkg.crossplane.io/crossplane-contrib/provider-aws-rds:v2.1.0`"
#   controls:
#     nist-800-53: [CM-2, SR-3]
package idp_assess.crossplane.package_versions

import data.idp_assess.lib.image
import data.idp_assess.lib.text

deny contains {"id": "XP-003", "path": ["spec", "package"], "params": {"package": input.spec.package, "what": what}} if {
	input.kind in {"Provider", "Function", "Configuration"}
	is_string(input.apiVersion)
	startswith(input.apiVersion, "pkg.crossplane.io/")
	what := loose(input.spec.package)
}

loose(name) := "no version" if {
	image.untagged(name)
} else := "a tag that moves" if {
	image.floating(name)
} else := "no registry" if {
	text.known(name)
	not regex.match(`^[^/]+[.:][^/]+/.+`, name)
}
