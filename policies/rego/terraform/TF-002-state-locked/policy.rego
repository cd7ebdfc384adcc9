# METADATA
# title: Nobody writes the state while another run does
# description: >-
#   Two applies at once overwrite each other's state: what one of them made is forgotten and stays, unmanaged. The
#   S3 and http backends lock only when told so.
# related_resources:
#   - https://developer.hashicorp.com/terraform/language/backend/s3
#   - https://developer.hashicorp.com/terraform/language/backend/http
#   - https://developer.hashicorp.com/terraform/language/state/locking
# custom:
#   id: TF-002
#   severity: medium
#   reads: terraform
#   message: "the state in backend {backend} is not locked while it is written"
#   fix: "set `{setting}` in the backend block"
#   controls:
#     nist-800-53: [CM-3]
package idp_assess.terraform.state_locked

import data.idp_assess.lib.terraform
import data.idp_assess.lib.text

deny contains {"id": "TF-002", "path": backend.path, "params": {"backend": "s3", "setting": "use_lockfile = true"}} if {
	some backend in terraform.backends
	backend.type == "s3"

	# With bucket and key given the rest hardly comes from -backend-config.
	text.known(backend.body.bucket)
	text.known(backend.body.key)
	not locked(backend.body)
}

deny contains {"id": "TF-002", "path": backend.path, "params": {"backend": "http", "setting": "lock_address"}} if {
	some backend in terraform.backends
	backend.type == "http"
	text.known(backend.body.address)
	not backend.body.lock_address
}

locked(body) if body.use_lockfile == true

locked(body) if is_string(body.use_lockfile)

locked(body) if {
	some key in ["dynamodb_table", "lock_table"]
	is_string(body[key])
	body[key] != ""
}
