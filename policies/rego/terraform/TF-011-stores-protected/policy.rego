# METADATA
# title: A plan cannot delete a store of data by itself
# description: >-
#   A renamed resource, a changed argument that forces replacement or a removed block deletes the store with what
#   is in it. `prevent_destroy` stops the plan, `deletion_protection` the API.
# related_resources:
#   - https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html
# custom:
#   id: TF-011
#   severity: medium
#   reads: terraform
#   message: "{address} can be deleted by a plan, with its data"
#   fix: "set `{setting}`, or `prevent_destroy` in its `lifecycle` block"
#   controls:
#     nist-800-53: [CP-9]
package idp_assess.terraform.stores_protected

import data.idp_assess.lib.terraform

warn contains {"id": "TF-011", "path": resource.path, "params": {"address": resource.address, "setting": "deletion_protection = true"}, "resource": resource.address} if {
	some resource in terraform.resources
	resource.type in open_by_default
	not resource.body.deletion_protection
	not guarded(resource.body)
	not replica(resource.body)
}

warn contains {"id": "TF-011", "path": array.concat(resource.path, ["deletion_protection"]), "params": {"address": resource.address, "setting": "deletion_protection = true"}, "resource": resource.address} if {
	some resource in terraform.resources
	resource.type in {"google_sql_database_instance", "google_bigtable_instance", "google_spanner_database"}
	resource.body.deletion_protection == false
	not guarded(resource.body)
}

warn contains {"id": "TF-011", "path": array.concat(resource.path, ["force_destroy"]), "params": {"address": resource.address, "setting": "force_destroy = false"}, "resource": resource.address} if {
	some resource in terraform.resources
	resource.type in {"aws_s3_bucket", "google_storage_bucket", "aws_s3_directory_bucket"}
	resource.body.force_destroy == true
	not guarded(resource.body)
	not regex.match(`(?i)pipeline|artifact|build|(^|[_.-])(logs?|logging|tmp|temp|cache|scratch|website|static)([_.-]|$)`, resource.address)
}

open_by_default := {"aws_db_instance", "aws_rds_cluster", "aws_rds_global_cluster", "aws_docdb_cluster", "aws_neptune_cluster"}

guarded(body) if {
	some lifecycle in body.lifecycle
	lifecycle.prevent_destroy == true
}

replica(body) if body.replicate_source_db
