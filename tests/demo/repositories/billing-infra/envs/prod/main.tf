module "network" {
  source              = "../../modules/network"
  name                = "billing-prod"
  cidr                = "10.42.0.0/16"
  flow_log_bucket_arn = "arn:aws:s3:::northwind-flow-logs-prod"
}

module "database" {
  source         = "../../modules/database"
  name           = "billing-prod"
  vpc_id         = module.network.vpc_id
  subnet_ids     = module.network.private_subnet_ids
  allowed_cidrs  = ["10.42.0.0/16"]
  instance_class = "db.r7g.xlarge"
  multi_az       = true
  backup_days    = 35
  storage_gb     = 500
}

module "invoices" {
  source             = "../../modules/queue"
  name               = "billing-invoices-prod"
  visibility_timeout = 120
  alarm_topic_arns   = ["arn:aws:sns:eu-central-1:111122223333:payments-oncall"]
}

module "refunds" {
  source = "../../modules/queue"
  name   = "billing-refunds-prod"
}
