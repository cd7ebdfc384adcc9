package idp_assess.kustomize.image_tags_test

import data.idp_assess.kustomize.image_tags

with_image(body) := {"images": [object.union({"name": "shop"}, body)]}

test_a_version if {
	every tag in ["1.4.2", "sha-0123", "${TAG}", 5, null, ""] {
		count(image_tags.deny) == 0 with input as with_image({"newTag": tag})
	}
	count(image_tags.deny) == 0 with input as with_image({"newTag": "latest", "digest": "sha256:0"})
}

test_moves if {
	every tag in ["latest", "main", "edge"] {
		image_tags.deny == {{
			"id": "KUST-004", "path": ["images", 0, "newTag"], "params": {"image": "shop", "tag": tag}, "resource": "shop",
		}} with input as with_image({"newTag": tag})
	}
}
