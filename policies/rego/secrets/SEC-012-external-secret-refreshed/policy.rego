# METADATA
# title: A secret from a store follows its rotation
# description: >-
#   With a refresh interval of 0 the value is fetched once. After a rotation the cluster keeps the old one until somebody
#   remembers to delete the Secret.
# related_resources:
#   - https://external-secrets.io/latest/api/externalsecret/
# custom:
#   id: SEC-012
#   severity: medium
#   reads: kubernetes
#   message: "ExternalSecret {secret} is fetched once and never again"
#   fix: "set spec.refreshInterval to how long an old value may live, such as 1h"
package idp_assess.secrets.external_secret_refreshed

deny contains answer(["spec", "refreshInterval"]) if {
	external
	never(input.spec.refreshInterval)
	not chosen
	not handed_over
}

# It was chosen in so many words.
warn contains answer(["spec", "refreshPolicy"]) if {
	external
	chosen
	not handed_over
}

answer(path) := {
	"id": "SEC-012",
	"path": path,
	"params": {"secret": object.get(input, ["metadata", "name"], "without a name")},
	"resource": "",
}

external if {
	input.kind == "ExternalSecret"
	is_string(input.apiVersion)
	startswith(input.apiVersion, "external-secrets.io/")
}

never(interval) if interval == 0

never(interval) if {
	is_string(interval)
	regex.match(`^0+(ns|us|ms|s|m|h)?$`, interval)
}

chosen if input.spec.refreshPolicy == "CreatedOnce"

# What is fetched to be kept by another controller from then on.
handed_over if input.spec.target.creationPolicy == "Orphan"

# A value that a generator makes would be another one each time.
handed_over if {
	some source in input.spec.dataFrom
	source.sourceRef.generatorRef
}
