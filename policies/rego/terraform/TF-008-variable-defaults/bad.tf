variable "db_password" {
  type      = string
  sensitive = true
  default   = "Tr0ub4dor&3"
}
