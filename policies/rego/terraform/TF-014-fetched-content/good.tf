data "http" "policy" {
  url = "https://raw.githubusercontent.com/example/controller/v2.14.1/docs/install/iam_policy.json"
}

data "http" "ranges" {
  url = "https://ip-ranges.example.org/v4.json"
}
