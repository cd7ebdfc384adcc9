# METADATA
# title: What is applied comes over TLS
# description: >-
#   Over plain http, or with certificates unchecked, anybody on the way puts what they like into the cluster, with
#   the rights of the controller.
# related_resources:
#   - https://fluxcd.io/flux/components/source/ocirepositories/#insecure
#   - https://fluxcd.io/flux/components/source/helmrepositories/
#   - https://argo-cd.readthedocs.io/en/stable/user-guide/private-repositories/
# custom:
#   id: GIT-013
#   severity: high
#   reads: kubernetes
#   message: "{kind} {name} takes its content {how}"
#   fix: "use an https, ssh or oci address with a certificate that is checked"
#   controls:
#     nist-800-53: [SC-8, SI-7]
package idp_assess.gitops.source_transport

import data.idp_assess.lib.gitops
import data.idp_assess.lib.text

deny contains {"id": "GIT-013", "path": ["spec", field], "params": {"kind": input.kind, "name": input.metadata.name, "how": how}} if {
	input.kind in {"GitRepository", "OCIRepository", "HelmRepository", "Bucket", "ImageRepository"}
	some group in ["source", "image"]
	gitops.flux(group)
	is_string(input.metadata.name)
	[field, how] := open
	not inside(address)
}

deny contains {"id": "GIT-013", "path": array.concat(source.path, ["repoURL"]), "params": {"kind": input.kind, "name": input.metadata.name, "how": "over plain http"}, "resource": text.address(source.body.repoURL)} if {
	is_string(input.metadata.name)
	some source in gitops.sources
	text.known(source.body.repoURL)
	startswith(source.body.repoURL, "http://")
	not inside(source.body.repoURL)
}

open := ["insecure", "without TLS"] if {
	input.spec.insecure == true
} else := ["url", "over plain http"] if {
	startswith(address, "http://")
}

address := input.spec.url if is_string(input.spec.url)

address := input.spec.endpoint if is_string(input.spec.endpoint)

address := input.spec.image if is_string(input.spec.image)

# It does not leave the cluster.
inside(url) if regex.match(`(\.svc|\.svc\.cluster\.local|\.local|localhost)([:/]|$)|^(http|oci)://[a-z0-9-]+(:\d+)?(/|$)`, url)
