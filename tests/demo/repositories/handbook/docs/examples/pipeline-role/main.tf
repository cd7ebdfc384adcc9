module "role" {
  source         = "git::https://github.com/northwind-retail/platform-modules.git//modules/github-oidc-role?ref=v2.1.0"
  name           = "your-service-apply"
  subject_prefix = "repo:northwind-retail@1234/your-repository@5678"
  environments   = ["staging", "production"]
}

resource "aws_iam_role_policy_attachment" "read" {
  role       = "your-service-plan"
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
