variable "db_password" {
  type      = string
  sensitive = true
}

output "api_token" {
  value     = grafana_service_account_token.shop.key
  sensitive = true
}
