package idp_assess.images.no_remote_add_test

import data.idp_assess.images.no_remote_add

adding(value, flags) := {"stages": [{"instructions": [{"name": "ADD", "value": value, "flags": flags}]}]}

test_address if {
	no_remote_add.deny == {{
		"id": "IMG-004",
		"path": ["stages", 0, "instructions", 0],
		"params": {"url": "example.org/tool.tar.gz"},
		"resource": "example.org/tool.tar.gz",
	}} with input as adding("https://example.org/tool.tar.gz /opt/", {})
	some one in no_remote_add.deny with input as adding("https://jane:s3cret@example.org/x?token=s3cret /opt/", {})
	one.params.url == "example.org/x"
}

test_silent if {
	count(no_remote_add.deny) == 0 with input as adding("https://example.org/tool.tar.gz /opt/", {"checksum": "sha256:00"})
	count(no_remote_add.deny) == 0 with input as adding("rootfs.tar.gz /", {})
	count(no_remote_add.deny) == 0 with input as adding("https://github.com/a/b.git#v1 /src", {})
	every value in [5, null, ["https://example.org/x"]] {
		count(no_remote_add.deny) == 0 with input as adding(value, {})
	}
}
