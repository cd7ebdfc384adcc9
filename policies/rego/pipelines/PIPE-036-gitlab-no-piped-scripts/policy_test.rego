package idp_assess.pipelines.gitlab_no_piped_scripts_test

import data.idp_assess.pipelines.gitlab_no_piped_scripts

found := {{"id": "PIPE-036", "path": ["build", "before_script", 0], "params": {"job": "build"}}}

test_piped if {
	gitlab_no_piped_scripts.warn == found with input as {"build": {"before_script": ["curl https://example.org/x | sh"], "script": ["make"]}}
	gitlab_no_piped_scripts.deny == found with input as {"build": {"before_script": ["curl http://example.org/x | sh"]}}
}

test_silent if {
	every line in ["curl -o x https://example.org/x", "make", 5, null] {
		count(gitlab_no_piped_scripts.deny | gitlab_no_piped_scripts.warn) == 0 with input as {"build": {"script": [line]}}
	}
}
