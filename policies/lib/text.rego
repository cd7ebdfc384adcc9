# What policies ask of a text, said once. Every predicate is undefined for what is no text.
package idp_assess.lib.text

# Text that means what it says: no template, variable or expression is filled in later.
known(text) if {
	is_string(text)
	text != ""
	every mark in ["{{", "${", "$(", "<%", "%{", "#{", "[["] {
		not contains(text, mark)
	}
}

# Text that stands where a person, or a tool, will put the real one.
placeholder(text) if {
	is_string(text)
	regex.match(`(?i)^[\s*x.<>_-]*$|^<.*>$|^\[.*\]$|change[-_ ]?(me|it|this)|replace[-_ ]?(me|with|this)|to[-_ ]?be[-_ ]?(set|replaced)|placeholder|dummy|example|redacted|insert|^your|[-_ ]here$|^(todo|tbd|none|null|na|n/a|fake|test|unused|ignored|empty|default|sensitive)$|^PLACE`, text)
}

# The name of an argument or variable that holds a credential, not one that names, finds or describes it.
credential_name(name) if {
	is_string(name)
	regex.match(`(?i)^([\w-]*[_-])?(password|passwd|passphrase|secret_key|secret_access_key|client_secret|private_key|api_key|apikey|auth_token|access_token|api_token|bearer_token|refresh_token|service_token|secret_token|personal_access_token|connection_string|shared_key|shared_access_key|account_key|encryption_key)$|^(token|[a-z0-9_]*_token)$`, name)
	not regex.match(`(?i)(public|pass_through|update|rotate|enable|generate|create|random|use|next|page|continuation|csrf|cancel)[_-]`, name)
}

# An address without what may be secret in it: the user before, and the query behind.
address(url) := split(parts[count(parts) - 1], "?")[0] if {
	is_string(url)
	parts := split(url, "@")
}
