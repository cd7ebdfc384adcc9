package idp_assess.secrets.no_kubeconfig_test

import data.idp_assess.secrets.no_kubeconfig

file(name) := {"name": name, "marks": ["kubeconfig-credentials"]}

test_kubeconfig if {
	every name in ["kubeconfig", "prod.kubeconfig", "kubeconfig-admin.yaml", "Kubeconfig.yml"] {
		no_kubeconfig.deny == {{"id": "SEC-004", "path": [], "params": {"name": name}}} with input as file(name)
	}
}

test_silent if {
	every name in ["kubeconfig.sh", "kubeconfig.yaml.tpl", "kubeconfig.example.yaml", "secrets.yaml", 5, null] {
		count(no_kubeconfig.deny) == 0 with input as file(name)
	}
	count(no_kubeconfig.deny) == 0 with input as {"name": "kubeconfig", "marks": ["kubeconfig-credentials", "encrypted"]}
}
