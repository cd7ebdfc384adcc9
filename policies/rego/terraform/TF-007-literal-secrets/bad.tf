resource "aws_db_instance" "shop" {
  engine              = "postgres"
  username            = "shop"
  password            = "Tr0ub4dor&3"
  deletion_protection = true
}
