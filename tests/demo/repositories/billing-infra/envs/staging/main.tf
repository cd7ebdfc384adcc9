module "network" {
  source              = "../../modules/network"
  name                = "billing-staging"
  cidr                = "10.41.0.0/16"
  flow_log_bucket_arn = "arn:aws:s3:::northwind-flow-logs-staging"
}

module "database" {
  source         = "../../modules/database"
  name           = "billing-staging"
  vpc_id         = module.network.vpc_id
  subnet_ids     = module.network.private_subnet_ids
  allowed_cidrs  = ["10.41.0.0/16"]
  instance_class = "db.t4g.large"
  multi_az       = false
  backup_days    = 7
}

module "invoices" {
  source             = "../../modules/queue"
  name               = "billing-invoices-staging"
  visibility_timeout = 120
}

module "refunds" {
  source = "../../modules/queue"
  name   = "billing-refunds-staging"
}
