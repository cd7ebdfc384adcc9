module "vpc" {
  source = "git::https://git.example.org/platform/vpc.git?ref=main"
  name   = "shop"
}
