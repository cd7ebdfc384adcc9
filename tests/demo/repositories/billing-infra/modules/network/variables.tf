variable "name" {
  description = "Name of the network, and prefix of its subnets."
  type        = string
}

variable "cidr" {
  description = "Address range; a /16 leaves room for 16 subnets."
  type        = string
}

variable "zone_count" {
  description = "Number of availability zones."
  type        = number
  default     = 3
}

variable "flow_log_bucket_arn" {
  description = "Bucket of the security team."
  type        = string
}

variable "tags" {
  type    = map(string)
  default = {}
}
