variable "name" {
  description = "Name of the bucket; starts with northwind-."
  type        = string

  validation {
    condition     = startswith(var.name, "northwind-")
    error_message = "Bucket names start with northwind-."
  }
}

variable "owner" {
  description = "Team that owns the data."
  type        = string
}

variable "environment" {
  type = string
}

variable "kms_key_arn" {
  description = "Customer managed key; null is the AWS managed one."
  type        = string
  default     = null
}
