output "database_endpoint" {
  value = module.database.endpoint
}

output "invoice_queue_url" {
  value = module.invoices.url
}
