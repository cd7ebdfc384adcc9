variable "name" {
  type = string
}

variable "owner" {
  description = "Team that owns the data."
  type        = string
}

variable "environment" {
  type = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "The environment is dev, staging or prod."
  }
}

variable "size" {
  description = "small, medium or large."
  type        = string
  default     = "small"
}

variable "subnet_ids" {
  type = list(string)
}

variable "security_group_ids" {
  type = list(string)
}
