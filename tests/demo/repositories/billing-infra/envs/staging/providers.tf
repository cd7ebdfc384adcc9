terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

provider "aws" {
  region              = "eu-central-1"
  allowed_account_ids = ["444455556666"]

  default_tags {
    tags = {
      Team        = "payments"
      Service     = "billing"
      Environment = "staging"
      Repository  = "billing-infra"
    }
  }
}
