# METADATA
# title: What is fetched at apply cannot change meanwhile
# description: >-
#   What this address serves is applied with the rights of the run. Over http anybody on the way can change it; a
#   branch changes with every push to another repository.
# related_resources:
#   - https://registry.terraform.io/providers/hashicorp/http/latest/docs/data-sources/http
#   - https://docs.github.com/en/repositories/working-with-files/using-files/getting-permanent-links-to-files
# custom:
#   id: TF-014
#   severity: medium
#   reads: terraform
#   message: "data.http.{name} fetches {what}"
#   fix: "name a release tag or a commit in an https address, or keep the file in this repository"
#   controls:
#     nist-800-53: [SR-3, SI-7]
package idp_assess.terraform.fetched_content

deny contains {"id": "TF-014", "path": ["data", "http", name, "url"], "params": {"name": name, "what": what}, "resource": concat(".", ["data.http", name])} if {
	is_object(input.data.http)
	some name, body in input.data.http
	is_string(body.url)
	what := changes(body.url)
}

changes(url) := "over plain http" if {
	startswith(url, "http://")
	not regex.match(`^http://(127\.|localhost|169\.254\.|\[::1\]|metadata\.)`, url)
} else := "from a branch" if {
	regex.match(`^https://(raw\.githubusercontent\.com/[^/]+/[^/]+/(refs/heads/)?(main|master|develop)/|github\.com/[^/]+/[^/]+/(raw|blob)/(refs/heads/)?(main|master|develop)/|[^/]*gitlab[^/]*/.+/-/raw/(main|master)/)`, url)
}
