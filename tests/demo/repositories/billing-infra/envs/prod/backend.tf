terraform {
  backend "s3" {
    bucket       = "northwind-tfstate-billing"
    key          = "prod.tfstate"
    region       = "eu-central-1"
    encrypt      = true
    use_lockfile = true
  }
}
