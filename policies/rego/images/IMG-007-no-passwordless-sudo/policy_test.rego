package idp_assess.images.no_passwordless_sudo_test

import data.idp_assess.images.no_passwordless_sudo

running(text) := {"stages": [{"image": "debian:13", "as": "", "instructions": [{"name": "RUN", "value": text}]}]}

test_becomes_root if {
	every text in ["echo 'app ALL=(ALL) NOPASSWD:ALL' >> /etc/sudoers", "chmod u+s /bin/bash", "chmod 4755 /usr/bin/sudo"] {
		no_passwordless_sudo.deny == {{"id": "IMG-007", "path": ["stages", 0, "instructions", 0], "params": {}, "resource": "sudo"}} with input as running(text)
	}
}

test_piped_into_root_warns if {
	count(no_passwordless_sudo.warn) == 1 with input as running("curl https://example.org/x | sudo bash")
}

test_silent if {
	every text in ["apt-get install -y sudo", "chmod 755 /bin/tool", "adduser app", 5, null] {
		count(no_passwordless_sudo.deny | no_passwordless_sudo.warn) == 0 with input as running(text)
	}
	build := {"stages": [{"image": "debian:13", "as": "build", "instructions": [{"name": "RUN", "value": "echo NOPASSWD"}]}, {"image": "debian:13"}]}
	count(no_passwordless_sudo.deny) == 0 with input as build
}
