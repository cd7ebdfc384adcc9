# METADATA
# title: A chart says which versions it depends on
# description: >-
#   With `*`, an open range or no version, `helm dependency update` takes the newest major release, on one machine
#   and not on another.
# related_resources:
#   - https://helm.sh/docs/topics/charts/#chart-dependencies
#   - https://helm.sh/docs/chart_best_practices/dependencies/
# custom:
#   id: HELM-003
#   severity: medium
#   reads: helm-chart
#   message: "dependency {dependency} is taken in whatever version is newest"
#   fix: "name a version, or a range within one major version such as `~16.7.0`, and commit Chart.lock"
#   controls:
#     nist-800-53: [CM-2, SR-3]
package idp_assess.helm.dependency_versions

import data.idp_assess.lib.versions

deny contains {"id": "HELM-003", "path": ["dependencies", i, "version"], "params": {"dependency": dependency.name}, "resource": dependency.name} if {
	some i, dependency in remote
	versions.unbounded(dependency.version)
}

deny contains {"id": "HELM-003", "path": ["dependencies", i, "name"], "params": {"dependency": dependency.name}, "resource": dependency.name} if {
	some i, dependency in remote
	not dependency.version
}

# What lies in the repository itself has the version that lies there.
remote[i] := dependency if {
	some i, dependency in input.dependencies
	is_string(dependency.name)
	is_string(dependency.repository)
	dependency.repository != ""
	not startswith(dependency.repository, "file:")
	not startswith(dependency.repository, ".")
}
