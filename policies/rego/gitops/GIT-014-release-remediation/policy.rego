# METADATA
# title: A release that fails is put right
# description: >-
#   Without remediation a failed upgrade stays as it is: half of the objects new, half old, and no further attempt
#   until the chart or its values change.
# related_resources:
#   - https://fluxcd.io/flux/components/helm/helmreleases/#upgrade-remediation
#   - https://fluxcd.io/flux/components/helm/helmreleases/#install-remediation
# custom:
#   id: GIT-014
#   severity: low
#   reads: kubernetes
#   message: "a failed upgrade of {name} stays as it is"
#   fix: "add `upgrade.remediation.retries`, and `install.remediation.retries`, or the strategy `RetryOnFailure`"
package idp_assess.gitops.release_remediation

import data.idp_assess.lib.gitops

warn contains {"id": "GIT-014", "path": ["spec"], "params": {"name": input.metadata.name}} if {
	input.kind == "HelmRelease"
	gitops.flux("helm")
	is_string(input.metadata.name)
	whole
	not input.spec.suspend == true
	not remedied

	# Where neither is said, a patch over all releases of the cluster may say both.
	some step in ["install", "upgrade"]
	is_object(input.spec[step])
}

whole if input.spec.chart.spec.chart

whole if input.spec.chartRef.name

remedied if {
	some step in ["install", "upgrade"]
	some how in ["remediation", "strategy"]
	_ = input.spec[step][how]
}
