package idp_assess.images.pinned_base_test

import data.idp_assess.images.pinned_base

from(images) := {"stages": [{"image": image, "as": "stage", "instructions": []} | some image in images]}

test_without_a_version if {
	pinned_base.deny == {{
		"id": "IMG-001",
		"path": ["stages", 0],
		"params": {"image": "python", "name": "python"},
		"resource": "python",
	}} with input as from(["python"])
}

test_latest if {
	every name in ["python:latest", "registry.example.org:5000/python:latest", "registry.example.org:5000/python", "example/tool"] {
		count(pinned_base.deny) == 1 with input as from([name])
	}
}

test_silent if {
	every name in [
		"python:3.13", "python:latest@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "scratch", "${BASE}",
		"python:${VERSION}", "", 5, null, ["python"], "{{ base }}",
	] {
		count(pinned_base.deny) == 0 with input as from([name])
	}
}

test_an_earlier_stage_is_no_image if {
	count(pinned_base.deny) == 0 with input as {"stages": [{"image": "golang:1.25", "as": "build"}, {"image": "Build", "as": ""}]}
}
