package idp_assess.kustomize.deprecated_fields_test

import data.idp_assess.kustomize.deprecated_fields

test_current if {
	count(deprecated_fields.warn) == 0 with input as {"resources": ["a.yaml"], "patches": [], "labels": [], "images": []}
	count(deprecated_fields.warn) == 0 with input as 5
	count(deprecated_fields.warn) == 0 with input as ["bases"]
}

test_replaced if {
	every field in ["bases", "patchesStrategicMerge", "patchesJson6902", "vars", "commonLabels", "imageTags"] {
		{answer.path | some answer in deprecated_fields.warn} == {[field]} with input as {field: []}
	}
}
