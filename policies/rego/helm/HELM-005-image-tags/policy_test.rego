package idp_assess.helm.image_tags_test

import data.idp_assess.helm.image_tags

values(tag) := {"worker": {"image": {"repository": "registry.example.org/shop", "tag": tag}}}

test_a_version if {
	every tag in ["1.4.2", "", null, "{{ tag }}", 5, "sha-0123"] {
		count(image_tags.deny) == 0 with input as values(tag)
	}
}

test_moves if {
	every tag in ["latest", "main", "stable"] {
		image_tags.deny == {{
			"id": "HELM-005", "path": ["worker", "image", "tag"], "params": {"tag": tag}, "resource": "worker.image",
		}} with input as values(tag)
	}
}

test_one_text if {
	count(image_tags.deny) == 1 with input as {"image": "registry.example.org/shop:latest"}
	count(image_tags.deny) == 0 with input as {"image": "registry.example.org/shop:1.4.2"}
}

test_other_tags_are_silent if {
	every other in [{"tag": "latest"}, {"git": {"tag": "latest"}}, {"image": {"repository": "a", "tag": "latest", "digest": "sha256:0"}}, 5, ["latest"]] {
		count(image_tags.deny) == 0 with input as other
	}
}
