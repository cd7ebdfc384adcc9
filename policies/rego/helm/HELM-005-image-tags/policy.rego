# METADATA
# title: The image of a release is named by the version that was tried
# description: >-
#   `latest` is whatever was pushed last: pods of one release run different code after a restart, and `helm
#   rollback` brings nothing back.
# related_resources:
#   - https://helm.sh/docs/chart_best_practices/pods/#images
#   - https://kubernetes.io/docs/concepts/containers/images/#image-names
# custom:
#   id: HELM-005
#   severity: medium
#   reads: helm-values
#   message: "the values set an image to tag {tag}, which moves"
#   fix: "name a release tag, or leave the tag empty and take the chart's `appVersion`"
#   controls:
#     nist-800-53: [CM-2]
package idp_assess.helm.image_tags

import data.idp_assess.lib.image
import data.idp_assess.lib.text
import data.idp_assess.lib.versions

deny contains {"id": "HELM-005", "path": array.concat(path, ["tag"]), "params": {"tag": holder.tag}, "resource": owner(path)} if {
	some [path, holder] in holders
	text.known(holder.tag)
	versions.moving(holder.tag)
	some key in ["repository", "name", "image", "registry"]
	is_string(holder[key])
	not digest(holder)
}

deny contains {"id": "HELM-005", "path": array.concat(path, ["image"]), "params": {"tag": image.tag(holder.image)}, "resource": owner(path)} if {
	some [path, holder] in holders
	not holder.tag
	image.floating(holder.image)
}

holders contains [path, holder] if {
	walk(input, [path, holder])
	is_object(holder)
	some key in ["tag", "image"]
	is_string(holder[key])
}

owner(path) := concat(".", [part | some part in path; is_string(part)])

digest(beside) if {
	is_string(beside.digest)
	beside.digest != ""
}
