# METADATA
# title: What costs or holds data says whose it is
# description: >-
#   Without tags nobody knows whom to ask about a resource, whom to charge, or whether it may go. `default_tags`
#   on the provider says it once for all.
# related_resources:
#   - https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/resource-tagging
#   - https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html
# custom:
#   id: TF-010
#   severity: low
#   reads: terraform
#   message: "{address} has no tags, and its provider has no `default_tags`"
#   fix: "add a `default_tags` block to provider aws, with owner and environment"
#   controls:
#     nist-800-53: [CM-8]
package idp_assess.terraform.owner_tags

import data.idp_assess.lib.terraform

warn contains {"id": "TF-010", "path": resource.path, "params": {"address": resource.address}, "resource": resource.address} if {
	terraform.root
	some resource in terraform.resources
	resource.type in taggable
	not resource.body.tags
	not defaults
	own_provider
}

own_provider if {
	some provider in terraform.providers
	provider.name == "aws"
}

defaults if {
	some provider in terraform.providers
	provider.name == "aws"
	provider.body.default_tags
}

# Every one of these takes `tags`, and is worth asking about.
taggable := {
	"aws_instance", "aws_s3_bucket", "aws_db_instance", "aws_rds_cluster", "aws_vpc", "aws_eks_cluster", "aws_ecs_cluster",
	"aws_lambda_function", "aws_dynamodb_table", "aws_kms_key", "aws_sqs_queue", "aws_sns_topic", "aws_elasticache_cluster",
	"aws_elasticache_replication_group", "aws_lb", "aws_efs_file_system", "aws_nat_gateway", "aws_ecr_repository",
	"aws_cloudfront_distribution", "aws_secretsmanager_secret",
}
