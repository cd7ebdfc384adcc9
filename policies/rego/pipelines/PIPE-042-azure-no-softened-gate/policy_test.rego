package idp_assess.pipelines.azure_no_softened_gate_test

import data.idp_assess.pipelines.azure_no_softened_gate

found(path, how) := {{"id": "PIPE-042", "path": array.concat(["steps", 0], path), "params": {"step": "Scan", "how": how}, "resource": "Scan"}}

step(more) := {"steps": [object.union({"displayName": "Scan"}, more)]}

test_continues if {
	azure_no_softened_gate.deny == found(["continueOnError"], "continueOnError") with input as step({"bash": "checkov -d .", "continueOnError": true})
}

test_in_the_script if {
	azure_no_softened_gate.deny == found(["inputs", "script"], "|| true") with input as step({"task": "Bash@3", "inputs": {"script": "trivy fs . || true"}})
}

test_silent if {
	every more in [
		{"bash": "checkov -d ."}, {"bash": "make", "continueOnError": true}, {"bash": "checkov -d .", "continueOnError": "${{ parameters.soft }}"},
		{"bash": 5, "continueOnError": true}, {"task": "Bash@3", "inputs": 5},
	] {
		count(azure_no_softened_gate.deny) == 0 with input as step(more)
	}
}
