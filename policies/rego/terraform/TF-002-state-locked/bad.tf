terraform {
  backend "s3" {
    bucket  = "example-state"
    key     = "shop/terraform.tfstate"
    region  = "eu-central-1"
    encrypt = true
  }
}
