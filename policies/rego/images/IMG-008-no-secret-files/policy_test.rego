package idp_assess.images.no_secret_files_test

import data.idp_assess.images.no_secret_files

copying(name, value, flags) := {"stages": [{"image": "debian:13", "as": "", "instructions": [{"name": name, "value": value, "flags": flags}]}]}

test_files if {
	every file in [".env", "config/.env.production", ".ssh", "id_rsa", "certs/server.key", "kubeconfig", "keys/service-account.json"] {
		no_secret_files.deny == {{
			"id": "IMG-008",
			"path": ["stages", 0, "instructions", 0],
			"params": {"file": file},
			"resource": file,
		}} with input as copying("COPY", concat(" ", ["package.json", file, "/app/"]), {})
	}
	count(no_secret_files.deny) == 1 with input as copying("ADD", "[\".env\", \"/app/\"]", {})
}

test_silent if {
	every value in [". /app", ".env.example /app/.env", "src/env.ts /app", "public.pem /app", "x /root/.ssh", ".npmrc /app/", 5, null] {
		count(no_secret_files.deny) == 0 with input as copying("COPY", value, {})
	}
	count(no_secret_files.deny) == 0 with input as copying("COPY", ".env /app/", {"from": "build"})
	count(no_secret_files.deny) == 0 with input as copying("RUN", "cp .env /app/", {})
	build := {"stages": [{"image": "debian:13", "as": "build", "instructions": [{"name": "COPY", "value": ".env ."}]}, {"image": "debian:13"}]}
	count(no_secret_files.deny) == 0 with input as build
}
