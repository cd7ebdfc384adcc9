# METADATA
# title: A provider gets its credentials from the run, not from the code
# description: >-
#   A key in a provider block is long-lived, shared by everybody who can read the repository, and opens the whole
#   account. Workload identity (OIDC) of the pipeline needs no key at all.
# related_resources:
#   - https://developer.hashicorp.com/terraform/language/block/provider
#   - https://docs.github.com/en/actions/concepts/security/openid-connect
# custom:
#   id: TF-009
#   severity: critical
#   reads: terraform
#   message: "provider {provider} has a literal value for {argument}"
#   fix: "remove {argument}, let the pipeline sign in by OIDC, and revoke the key that was committed"
#   controls:
#     nist-800-53: [IA-5]
#     soc2: [CC6.1]
package idp_assess.terraform.provider_credentials

import data.idp_assess.lib.terraform
import data.idp_assess.lib.text

deny contains {"id": "TF-009", "path": array.concat(provider.path, [argument]), "params": {"provider": provider.name, "argument": argument}, "resource": address(provider)} if {
	some provider in terraform.providers
	some argument, value in provider.body
	secret(argument)
	text.known(value)
	count(value) >= 6
	not text.placeholder(value)
	not regex.match(`^(/|\./|\.\./|~|https?://|vault:|op://)`, value)
}

secret(argument) if text.credential_name(argument)

secret(argument) if argument in {"access_key", "secret_key", "credentials", "client_certificate_password", "key", "secret"}

address(provider) := concat(".", ["provider", provider.name, alias]) if {
	alias := provider.body.alias
	is_string(alias)
} else := concat(".", ["provider", provider.name])
