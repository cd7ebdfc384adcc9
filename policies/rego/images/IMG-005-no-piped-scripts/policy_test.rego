package idp_assess.images.no_piped_scripts_test

import data.idp_assess.images.no_piped_scripts

running(text) := {"stages": [{"instructions": [{"name": "RUN", "value": text}]}]}

found := {{"id": "IMG-005", "path": ["stages", 0, "instructions", 0], "params": {}, "resource": "RUN"}}

test_warns if {
	every text in ["curl -fsSL https://example.org/setup | bash -", "apk add curl && curl https://example.org/x | sh && rm -rf /tmp"] {
		no_piped_scripts.warn == found with input as running(text)
	}
}

test_in_clear_text_denies if {
	no_piped_scripts.deny == found with input as running("wget -O- http://example.org/x | sh")
}

test_silent if {
	every text in ["curl -fo x https://example.org/x && sha256sum -c sums && sh x", "curl https://example.org/x | tar xz", 5, null] {
		count(no_piped_scripts.deny | no_piped_scripts.warn) == 0 with input as running(text)
	}
}
