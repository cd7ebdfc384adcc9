terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "6.14.1"
    }
  }

  backend "s3" {
    bucket       = "northwind-tfstate-storefront"
    key          = "staging/network.tfstate"
    region       = "eu-central-1"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region              = "eu-central-1"
  allowed_account_ids = ["444455556666"]

  default_tags {
    tags = {
      Team        = "storefront"
      Environment = "staging"
      Root        = "network"
    }
  }
}
