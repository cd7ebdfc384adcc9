package idp_assess.pipelines.job_images_versioned_test

import data.idp_assess.pipelines.job_images_versioned

job(content) := {"jobs": {"test": content}}

found(path, place) := {{
	"id": "PIPE-016",
	"path": array.concat(["jobs", "test"], path),
	"params": {"image": "example/tool", "place": place},
	"resource": "",
}}

test_where_images_stand if {
	job_images_versioned.deny == found(["container"], "test") with input as job({"container": "example/tool"})
	job_images_versioned.deny == found(["container", "image"], "test") with input as job({"container": {"image": "example/tool"}})
	job_images_versioned.deny == found(["services", "db", "image"], "db") with input as job({"services": {"db": {"image": "example/tool"}}})
	job_images_versioned.deny == found(["steps", 0, "uses"], "lint") with input as job({"steps": [{"id": "lint", "uses": "docker://example/tool"}]})
}

test_latest if {
	count(job_images_versioned.deny) == 1 with input as job({"container": "node:latest"})
}

test_silent if {
	every name in ["node:22", "node@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "${{ inputs.image }}", "", 5, null, ["x"]] {
		count(job_images_versioned.deny) == 0 with input as job({"container": name, "services": {"db": {"image": name}}, "steps": [{"uses": name}]})
	}
}
