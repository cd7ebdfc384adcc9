resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnet_ids
}

resource "aws_db_instance" "this" {
  identifier                      = var.name
  engine                          = "postgres"
  engine_version                  = "17.4"
  instance_class                  = local.sizes[var.size].class
  allocated_storage               = local.sizes[var.size].storage
  storage_encrypted               = true
  username                        = "owner"
  manage_master_user_password     = true
  db_subnet_group_name            = aws_db_subnet_group.this.name
  vpc_security_group_ids          = var.security_group_ids
  multi_az                        = var.environment == "prod"
  deletion_protection             = var.environment == "prod"
  backup_retention_period         = var.environment == "prod" ? 35 : 7
  performance_insights_enabled    = true
  enabled_cloudwatch_logs_exports = ["postgresql"]
  final_snapshot_identifier       = "${var.name}-final"

  tags = {
    Team        = var.owner
    Environment = var.environment
    Module      = "service-database"
  }
}

locals {
  sizes = {
    small  = { class = "db.t4g.medium", storage = 20 }
    medium = { class = "db.r7g.large", storage = 100 }
    large  = { class = "db.r7g.2xlarge", storage = 500 }
  }
}
