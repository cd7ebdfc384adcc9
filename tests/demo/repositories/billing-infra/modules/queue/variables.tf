variable "name" {
  type = string
}

variable "visibility_timeout" {
  description = "Seconds."
  type        = number
  default     = 60
}

variable "alarm_topic_arns" {
  type    = list(string)
  default = []
}

variable "tags" {
  type    = map(string)
  default = {}
}
