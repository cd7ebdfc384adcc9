data "http" "policy" {
  url = "https://raw.githubusercontent.com/example/controller/main/docs/install/iam_policy.json"
}
