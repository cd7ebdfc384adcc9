terraform {
  required_version = "~> 1.11"

  backend "local" {
    path = "terraform.tfstate"
  }
}
