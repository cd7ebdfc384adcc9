variable "name" {
  type = string
}

variable "subject_prefix" {
  description = "sub_claim_prefix of the repository (gh api repos/OWNER/REPO/actions/oidc/customization/sub)."
  type        = string
}

variable "environments" {
  description = "GitHub environments that may assume the role."
  type        = list(string)
}

variable "policy_arns" {
  type    = list(string)
  default = []
}
