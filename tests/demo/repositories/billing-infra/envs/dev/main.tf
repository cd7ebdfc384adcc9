module "network" {
  source              = "../../modules/network"
  name                = "billing-dev"
  cidr                = "10.40.0.0/16"
  flow_log_bucket_arn = "arn:aws:s3:::northwind-flow-logs-dev"
}

module "database" {
  source         = "../../modules/database"
  name           = "billing-dev"
  vpc_id         = module.network.vpc_id
  subnet_ids     = module.network.private_subnet_ids
  allowed_cidrs  = ["10.40.0.0/16"]
  instance_class = "db.t4g.medium"
  multi_az       = false
  backup_days    = 3
}

module "invoices" {
  source             = "../../modules/queue"
  name               = "billing-invoices-dev"
  visibility_timeout = 120
}

module "refunds" {
  source = "../../modules/queue"
  name   = "billing-refunds-dev"
}
