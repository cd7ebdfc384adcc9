# METADATA
# title: An image is named by the version that was tried
# description: >-
#   `latest` is whatever was pushed last: pods of one Deployment run different code after a restart, a rollback
#   brings nothing back, and no review saw the change.
# related_resources:
#   - https://kubernetes.io/docs/concepts/containers/images/#image-names
#   - https://kubernetes.io/docs/concepts/configuration/overview/
# custom:
#   id: KUBE-009
#   severity: medium
#   reads: kubernetes
#   message: "container {container} takes image {image}, whatever that is when it starts"
#   fix: "name a release tag, or a digest, in the image of container {container}"
#   controls:
#     nist-800-53: [CM-2]
package idp_assess.kubernetes.image_tags

import data.idp_assess.lib.image
import data.idp_assess.lib.kubernetes

deny contains {"id": "KUBE-009", "path": array.concat(container.path, ["image"]), "params": {"container": container.name, "image": container.body.image}, "resource": container.name} if {
	some container in kubernetes.containers
	image.floating(container.body.image)
}

# Without a tag it may be put in by Kustomize, Skaffold or a pipeline; a name with a registry or owner then is a hint only.
warn contains {"id": "KUBE-009", "path": array.concat(container.path, ["image"]), "params": {"container": container.name, "image": container.body.image}, "resource": container.name} if {
	some container in kubernetes.complete_containers
	image.untagged(container.body.image)
	contains(container.body.image, "/")
}
