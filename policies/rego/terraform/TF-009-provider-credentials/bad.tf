terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

provider "aws" {
  region     = "eu-central-1"
  access_key = "AKIAQYLPMN5HHHFPZAM2"
  secret_key = "wJalrXUtnFEMIK7MDENGbPxRfiCYzzz"
}
