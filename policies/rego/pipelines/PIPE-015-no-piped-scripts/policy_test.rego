package idp_assess.pipelines.no_piped_scripts_test

import data.idp_assess.pipelines.no_piped_scripts

running(text) := {"jobs": {"build": {"steps": [{"id": "tool", "run": text}]}}}

found := {{"id": "PIPE-015", "path": ["jobs", "build", "steps", 0, "run"], "params": {"job": "build"}, "resource": "tool"}}

test_warns if {
	every text in [
		"curl -sSfL https://example.org/install.sh | sh", "wget -qO- https://example.org/x | sudo bash -s -- -b /usr/local/bin",
		"bash <(curl -s https://example.org/x)", "sh -c \"$(curl -fsSL https://example.org/x)\"",
		"curl https://example.org/x \\\n  | bash",
	] {
		no_piped_scripts.warn == found with input as running(text)
	}
}

test_in_clear_text_denies if {
	no_piped_scripts.deny == found with input as running("curl http://example.org/install.sh | sh")
}

test_silent if {
	every text in [
		"curl -o x https://example.org/x && sha256sum -c x.sum && sh x", "curl -s https://example.org/x | jq .", "# curl https://example.org/x | sh",
		"echo curl | tee sh.txt", "curl https://example.org/x | tar xz", "cat install.sh | bash",
		"curl https://raw.githubusercontent.com/a/b/0123456789abcdef0123456789abcdef01234567/install.sh | sh", "curl https://example.org/v1.2.0/x | sh",
		5, ["curl x | sh"], null,
	] {
		count(no_piped_scripts.deny | no_piped_scripts.warn) == 0 with input as running(text)
	}
}
