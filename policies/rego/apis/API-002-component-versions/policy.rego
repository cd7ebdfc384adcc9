# METADATA
# title: An object has an API version that its controller serves
# description: >-
#   The current release of the controller refuses the object, or will: it cannot be upgraded, for security fixes
#   either, before these files are changed.
# related_resources:
#   - https://fluxcd.io/blog/2025/09/flux-v2.7.0/
#   - https://github.com/fluxcd/flux2/issues/5711
#   - https://cert-manager.io/docs/releases/upgrading/remove-deprecated-apis/
#   - https://github.com/external-secrets/external-secrets/releases/tag/v0.17.0
#   - https://github.com/kubernetes-sigs/gateway-api/releases/tag/v1.2.0
#   - https://istio.io/latest/blog/2019/v1beta1-authorization-policy/
#   - https://docs.crossplane.io/latest/guides/upgrade-to-crossplane-v2/
#   - https://kyverno.io/blog/2026/02/02/announcing-kyverno-release-1.17/
#   - https://karpenter.sh/docs/upgrading/upgrade-guide/
# custom:
#   id: API-002
#   severity: medium
#   reads: kubernetes
#   message: "{kind} of {version} is {state} since {by} ({since})"
#   fix: "rewrite the object for {use}"
#   controls:
#     nist-800-53: [SI-2]
package idp_assess.apis.component_versions

import data.idp_assess.lib.deprecated

deny contains {"id": "API-002", "path": ["apiVersion"], "params": params("not served", row)} if {
	row := deprecated.of(deprecated.components)
}

warn contains {"id": "API-002", "path": ["apiVersion"], "params": params("deprecated", row)} if {
	row := deprecated.of(deprecated.going)
}

params(state, row) := {
	"kind": input.kind, "version": input.apiVersion, "state": state, "by": row.by, "since": row.since, "use": row.use,
}
