terraform {
  backend "s3" {
    bucket       = "northwind-tfstate-example"
    key          = "service.tfstate"
    region       = "eu-central-1"
    use_lockfile = true
  }
}

module "uploads" {
  source      = "git::https://github.com/northwind-retail/platform-modules.git//modules/service-bucket?ref=v2.1.0"
  name        = "northwind-uploads-dev"
  owner       = "your-team"
  environment = "dev"
}
