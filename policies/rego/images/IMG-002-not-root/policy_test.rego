package idp_assess.images.not_root_test

import data.idp_assess.images.not_root

stage(image, named, instructions) := {"image": image, "as": named, "instructions": [{"name": name, "value": value} | some [name, value] in instructions]}

start := ["CMD", "app"]

silent(stages) if count(not_root.deny | not_root.warn) == 0 with input as {"stages": stages}

test_root if {
	every user in ["root", "0", "0:0", "ROOT"] {
		not_root.deny == {{
			"id": "IMG-002",
			"path": ["stages", 0, "instructions", 1],
			"params": {"how": "runs as root by its last USER"},
			"resource": "USER",
		}} with input as {"stages": [stage("debian:13", "", [["USER", "app"], ["USER", user], start])]}
	}
}

test_no_user_warns if {
	not_root.warn == {{
		"id": "IMG-002",
		"path": ["stages", 1],
		"params": {"how": "names no user, so that most base images run as root"},
		"resource": "FROM",
	}} with input as {"stages": [stage("golang:1.25", "build", [["USER", "build"]]), stage("debian:13", "", [start])]}
}

test_silent if {
	silent([stage("debian:13", "", [["USER", "root"], ["USER", "10001"], start])])
	silent([stage("debian:13", "base", [["USER", "app"]]), stage("base", "", [start])])
	silent([stage("gcr.io/distroless/static:nonroot", "", [start])])
	silent([stage("debian:13", "", [["RUN", "true"]])])
	silent([stage("debian:13", "", [["USER", "$APP_USER"], start])])
	silent([stage("debian:13", "", [["USER", 0], start])])
	silent([])
}

test_wrong_types if {
	every stages in [5, null, "debian", {}, [5], [null], [{"instructions": 5}]] {
		silent(stages)
	}
}
