package idp_assess.crossplane.pipeline_mode_test

import data.idp_assess.crossplane.pipeline_mode

composition(spec) := {
	"apiVersion": "apiextensions.crossplane.io/v1", "kind": "Composition", "metadata": {"name": "database"}, "spec": spec,
}

test_pipeline if {
	every spec in [{"mode": "Pipeline", "pipeline": []}, {"pipeline": []}, {}, 5, {"mode": "{{ mode }}"}] {
		count(pipeline_mode.deny) == 0 with input as composition(spec)
	}
}

test_resources if {
	pipeline_mode.deny == {{"id": "XP-002", "path": ["spec", "resources"], "params": {"why": "it lists resources itself"}}} with input as composition({"resources": []})
	pipeline_mode.deny == {{"id": "XP-002", "path": ["spec", "mode"], "params": {"why": "its mode is not Pipeline"}}} with input as composition({"mode": "Resources"})
}
