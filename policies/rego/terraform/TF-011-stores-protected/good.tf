resource "aws_db_instance" "shop" {
  engine              = "postgres"
  deletion_protection = true
}

resource "aws_s3_bucket" "orders" {
  bucket        = "example-orders"
  force_destroy = false

  lifecycle {
    prevent_destroy = true
  }
}
