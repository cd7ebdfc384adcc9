package idp_assess.pipelines.gitlab_images_versioned_test

import data.idp_assess.pipelines.gitlab_images_versioned

paths := {one.path | some one in gitlab_images_versioned.deny}

test_where_images_stand if {
	paths == {["image"]} with input as {"image": "alpine"}
	paths == {["default", "image", "name"]} with input as {"default": {"image": {"name": "alpine:latest"}}}
	paths == {["build", "services", 0]} with input as {"build": {"script": "x", "services": ["docker:latest"]}}
	paths == {["build", "services", 0, "name"]} with input as {"build": {"script": "x", "services": [{"name": "postgres"}]}}
}

test_silent if {
	every image in ["alpine:3.23", "$CI_REGISTRY_IMAGE", "$CI_REGISTRY_IMAGE:latest", "", 5, null, {"name": "alpine:3.23"}, {"name": 5}] {
		count(paths) == 0 with input as {"image": image, "build": {"script": "x", "image": image}}
	}
	count(paths) == 0 with input as 5
}
