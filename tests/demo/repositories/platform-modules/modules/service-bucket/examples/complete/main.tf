provider "aws" {
  region = "eu-central-1"
}

module "bucket" {
  source      = "../.."
  name        = "northwind-example"
  owner       = "platform"
  environment = "dev"
}
