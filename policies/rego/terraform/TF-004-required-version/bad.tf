terraform {
  backend "gcs" {
    bucket = "example-state"
  }
}
