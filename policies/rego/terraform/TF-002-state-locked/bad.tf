terraform {
  required_version = "~> 1.11"

  backend "s3" {
    bucket  = "example-state"
    key     = "shop/terraform.tfstate"
    region  = "eu-central-1"
    encrypt = true
  }
}
