# METADATA
# title: An object has an API version that Kubernetes serves
# description: >-
#   The API server refuses the object: applying fails, a GitOps controller stays at the commit before, and an
#   upgrade of the cluster stops here.
# related_resources:
#   - https://kubernetes.io/docs/reference/using-api/deprecation-guide/
#   - https://kubernetes.io/releases/
# custom:
#   id: API-001
#   severity: high
#   reads: kubernetes
#   message: "{kind} of {version} is not served since Kubernetes {by} ({since})"
#   fix: "use {use}; `kubectl convert` rewrites what has changed"
#   controls:
#     nist-800-53: [SI-2]
package idp_assess.apis.kubernetes_versions

import data.idp_assess.lib.deprecated

deny contains {"id": "API-001", "path": ["apiVersion"], "params": {"kind": input.kind, "version": input.apiVersion, "by": row.by, "since": row.since, "use": row.use}} if {
	row := deprecated.of(deprecated.kubernetes)
}
