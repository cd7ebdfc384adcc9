package idp_assess.crossplane.provider_identity_test

import data.idp_assess.crossplane.provider_identity

config(version, source) := {
	"apiVersion": version, "kind": "ProviderConfig", "metadata": {"name": "default"}, "spec": {"credentials": {"source": source}},
}

test_identity if {
	every source in ["IRSA", "PodIdentity", "InjectedIdentity", "{{ source }}", 5, null] {
		count(provider_identity.deny) == 0 with input as config("aws.upbound.io/v1beta1", source)
	}
}

test_stored if {
	every version in ["aws.upbound.io/v1beta1", "aws.m.upbound.io/v1beta1", "azure.upbound.io/v1beta1", "gcp.crossplane.io/v1beta1"] {
		provider_identity.deny == {{
			"id": "XP-006", "path": ["spec", "credentials", "source"], "params": {"source": "Secret"},
		}} with input as config(version, "Secret")
	}
}

test_an_emulator if {
	count(provider_identity.deny) == 0 with input as json.patch(
		config("aws.upbound.io/v1beta1", "Secret"),
		[{"op": "add", "path": "/spec/endpoint", "value": {"source": "ServiceMetadata"}}],
	)
}

test_other_providers_have_nothing_else if {
	every version in ["helm.crossplane.io/v1beta1", "grafana.crossplane.io/v1beta1", "github.upbound.io/v1beta1", 5] {
		count(provider_identity.deny) == 0 with input as config(version, "Secret")
	}
}
