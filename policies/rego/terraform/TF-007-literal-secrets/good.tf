resource "aws_db_instance" "shop" {
  engine              = "postgres"
  username            = "shop"
  password            = var.password
  deletion_protection = true
}

module "chat" {
  source    = "./chat"
  api_token = data.vault_kv_secret_v2.chat.data["token"]
}

variable "password" {
  type      = string
  sensitive = true
}
