mock_provider "aws" {}

variables {
  name        = "northwind-test"
  owner       = "platform"
  environment = "dev"
}

run "is_private_and_versioned" {
  command = plan

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "versioning must be on"
  }

  assert {
    condition     = aws_s3_bucket_public_access_block.this.restrict_public_buckets
    error_message = "the bucket must be private"
  }
}

run "refuses_foreign_names" {
  command         = plan
  expect_failures = [var.name]

  variables {
    name = "test"
  }
}
