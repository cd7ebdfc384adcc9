# METADATA
# title: A base from elsewhere is named by a tag or a commit
# description: >-
#   What another repository has on its branch is built into these manifests, and applied here with the next sync,
#   without a review here.
# related_resources:
#   - https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/resource/
#   - https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md
# custom:
#   id: KUST-001
#   severity: medium
#   reads: kustomization
#   message: "{field} takes {url} from {what}"
#   fix: "end the address with `?ref=` and a release tag or commit, or name a release in it"
#   controls:
#     nist-800-53: [CM-3, SR-3]
package idp_assess.kustomize.remote_refs

import data.idp_assess.lib.text
import data.idp_assess.lib.versions

deny contains {"id": "KUST-001", "path": [field, i], "params": {"field": field, "url": address, "what": what}, "resource": address} if {
	some field in ["resources", "bases", "components", "crds"]
	some i, url in input[field]
	text.known(url)
	regex.match(`^(https?://|git@|ssh://|git::|github\.com[/:]|gitlab\.com[/:])`, url)
	address := text.address(url)
	what := moving(url)
}

moving(url) := found[0][2] if {
	found := regex.find_all_string_submatch_n(`[?&](ref|version)=([^&]+)`, url, 1)
	versions.moving(found[0][2])
} else := "a branch" if {
	regex.match(`^https://(raw\.githubusercontent\.com/[^/]+/[^/]+/(refs/heads/)?(main|master|develop)/|github\.com/[^/]+/[^/]+/(raw|blob|tree)/(refs/heads/)?(main|master|develop)/)|/-/raw/(main|master)/`, url)
} else := "whatever release is newest" if {
	regex.match(`/releases/latest/download/`, url)
} else := "its default branch" if {
	# A repository, or a directory in one: no file of it.
	regex.match(`^(https://|git::https://|git@|ssh://git@|git::ssh://)?[^/]*(github|gitlab|bitbucket)[^/:]*[/:][^/]+/[^/]+|\.git(//|\?|$)`, url)
	not regex.match(`\.(ya?ml|json)($|\?)|[?&](ref|version)=|/(releases|archive|tree|blob|raw)/|^https://raw\.`, url)
}
