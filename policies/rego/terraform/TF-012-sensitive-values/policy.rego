# METADATA
# title: A credential is marked as sensitive
# description: >-
#   Terraform prints variables and outputs that are not marked: in the plan, in the pipeline's log, in the comment
#   on the pull request.
# related_resources:
#   - https://developer.hashicorp.com/terraform/language/manage-sensitive-data
#   - https://developer.hashicorp.com/terraform/language/block/output#sensitive
# custom:
#   id: TF-012
#   severity: medium
#   reads: terraform
#   message: "{kind} {name} holds a credential and is printed in the plan"
#   fix: "add `sensitive = true` to {kind} {name}"
#   controls:
#     nist-800-53: [IA-5]
package idp_assess.terraform.sensitive_values

import data.idp_assess.lib.text

deny contains {"id": "TF-012", "path": [kind, name], "params": {"kind": kind, "name": name}, "resource": concat(".", [kind, name])} if {
	some kind in ["variable", "output"]
	is_object(input[kind])
	some name, body in input[kind]
	is_object(body)
	text.credential_name(name)
	not marked(body)
	holds_text(kind, body)
}

marked(body) if {
	some key in ["sensitive", "ephemeral"]
	shown := body[key]
	shown != false
}

holds_text("output", body) if {
	is_string(body.value)
	not regex.match(`encrypted|(_arn|\.arn|_name|\.name|_id|\.id|_url|\.url|_uri|\.uri|_path|\.path|\.version)\W*$`, body.value)
}

holds_text("variable", body) if not body.type

holds_text("variable", body) if body.type in {"string", "${string}"}
