variable "db_password" {
  description = "Given by the pipeline from the secret store."
  type        = string
  sensitive   = true
  default     = null
}
