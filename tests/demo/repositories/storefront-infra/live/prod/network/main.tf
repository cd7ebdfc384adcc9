module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "6.0.1"

  name = "storefront-prod"
  cidr = "10.51.0.0/16"
  azs  = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]

  private_subnets  = ["10.51.0.0/20", "10.51.16.0/20", "10.51.32.0/20"]
  public_subnets   = ["10.51.96.0/24", "10.51.97.0/24", "10.51.98.0/24"]
  database_subnets = ["10.51.112.0/24", "10.51.113.0/24", "10.51.114.0/24"]

  enable_nat_gateway = true
  single_nat_gateway = false

  enable_flow_log           = true
  flow_log_destination_type = "s3"
  flow_log_destination_arn  = "arn:aws:s3:::northwind-flow-logs-prod"
}

module "endpoints" {
  source  = "terraform-aws-modules/vpc/aws//modules/vpc-endpoints"
  version = "6.0.1"

  vpc_id = module.vpc.vpc_id
  endpoints = {
    s3 = {
      service         = "s3"
      service_type    = "Gateway"
      route_table_ids = module.vpc.private_route_table_ids
    }
  }
}
