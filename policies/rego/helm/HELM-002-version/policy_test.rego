package idp_assess.helm.version_test

import data.idp_assess.helm.version

chart(value) := {"apiVersion": "v2", "name": "shop", "version": value}

test_semantic if {
	every value in ["1.4.2", "v1.4.2", "0.0.0", "1.0.0-rc.1+build.5", "{{ version }}", "${VERSION}", "CHART_VERSION", null] {
		count(version.deny) == 0 with input as chart(value)
	}
}

test_other if {
	every value in ["1.4", "latest", "1.4.2.1", "01.2.3", 1.1, 5] {
		version.deny == {{"id": "HELM-002", "path": ["version"], "params": {"version": value}}} with input as chart(value)
	}
}
