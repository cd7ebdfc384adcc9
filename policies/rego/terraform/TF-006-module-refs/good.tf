module "vpc" {
  source = "git::https://git.example.org/platform/vpc.git?ref=v2.4.1"
  name   = "shop"
}

module "queue" {
  source = "github.com/example/terraform-queue?ref=51d462976d84fdea54b47d80dcabbf680badcdb8"
  name   = "orders"
}
