# METADATA
# title: A plan destroys nothing that keeps data
# description: >-
#   A database, bucket, volume or key that is destroyed or replaced takes what it keeps with it. A rename in the code is enough
#   for that, and a plan of many lines hides it.
# related_resources:
#   - https://developer.hashicorp.com/terraform/language/meta-arguments/prevent_destroy
#   - https://developer.hashicorp.com/terraform/language/moved
# custom:
#   id: PLAN-001
#   severity: critical
#   reads: terraform-plan
#   message: "the plan {verb} {address}, which keeps data"
#   fix: "say `moved` if {address} only has another name, or destroy it in a change of its own that says so and is waived"
#   controls:
#     nist-800-53: [CP-9, SI-12]
package idp_assess.plans.no_loss_of_state

deny contains answer if {
	some i, change in input.changes
	change.destroys == true
	keeps_data(change.type)
	is_string(change.address)
	answer := {
		"id": "PLAN-001",
		"path": ["changes", i],
		"params": {"verb": verb(change), "address": change.address},
		"resource": change.address,
	}
}

verb(change) := "replaces" if change.replaces == true

verb(change) := "destroys" if not change.replaces == true

# Managed resources whose loss is a loss of data, by their type without the provider's prefix.
keeps_data(type) if {
	is_string(type)
	regex.match(`^(aws_(db_instance|rds_cluster|dynamodb_table|s3_bucket|efs_file_system|ebs_volume|kms_key|elasticache_(cluster|replication_group)|opensearch_domain|docdb_cluster|neptune_cluster|redshift_cluster|ecr_repository|secretsmanager_secret|backup_vault|msk_cluster|kinesis_stream|cognito_user_pool|route53_zone)|google_(sql_database_instance|sql_database|storage_bucket|bigquery_(dataset|table)|compute_disk|kms_crypto_key|spanner_(instance|database)|filestore_instance|firestore_database|bigtable_instance|redis_instance|secret_manager_secret|artifact_registry_repository|dns_managed_zone)|azurerm_((mssql|mysql|postgresql|mariadb|sql)_\w*(server|database)|cosmosdb_\w+|storage_(account|container|share)|managed_disk|key_vault|key_vault_key|redis_cache|container_registry|recovery_services_vault|dns_zone)|kubernetes_(namespace|persistent_volume_claim|persistent_volume)(_v1)?|vault_mount|github_repository)$`, type)
}
