package idp_assess.images.transport_checked_test

import data.idp_assess.images.transport_checked

running(text) := {"stages": [{"instructions": [{"name": "RUN", "value": text}]}]}

test_unchecked if {
	every how, text in {
		"curl --insecure": "curl -fsSLk https://example.org/x -o x", "wget --no-check-certificate": "apk add wget && wget --no-check-certificate https://example.org/x",
		"apt --allow-unauthenticated": "apt-get install -y --allow-unauthenticated x", "yum --nogpgcheck": "dnf install -y --nogpgcheck x",
		"apk --allow-untrusted": "apk add --allow-untrusted x.apk", "npm strict-ssl=false": "npm config set strict-ssl false",
		"git http.sslVerify=false": "git -c http.sslVerify=false clone https://example.org/x", "pip --trusted-host": "pip install --trusted-host pypi.org x",
	} {
		transport_checked.deny == {{
			"id": "IMG-006",
			"path": ["stages", 0, "instructions", 0],
			"params": {"how": how},
			"resource": how,
		}} with input as running(text)
	}
}

test_variable if {
	count(transport_checked.deny) == 1 with input as {"stages": [{"instructions": [{"name": "ENV", "value": "NODE_TLS_REJECT_UNAUTHORIZED=0"}]}]}
}

test_silent if {
	every text in ["curl -fsSL https://example.org/k -o k", "apt-get install -y x", "tar -k x", "curl https://x | grep -k y", 5, null] {
		count(transport_checked.deny) == 0 with input as running(text)
	}
}
