# What is a secret by its name or its form, said once. Values are never handed on.
package idp_assess.lib.secrets

import data.idp_assess.lib.text

# Whether a name is one of a secret: not of a file, an address or a setting about one.
names_one(name) if {
	is_string(name)
	regex.match(
		concat("", [
			`(?i:(^|[_.-])(password|passwd|passphrase|secret|token|api_?key|private_?key|secret_?key|access_?key|client_?secret|credentials?)$)|`,
			`[a-z0-9](Password|Passphrase|Secret|Token|ApiKey|APIKey|PrivateKey|SecretKey|AccessKey|Credentials?)$`,
		]),
		name,
	)
}

# Whether a text can be a secret's value: written out, no placeholder, no default that everybody knows.
literal(value) if {
	text.known(value)
	count(value) >= 6
	not filled_later(value)
	not text.placeholder(value)
	not everybody_knows(value)
}

# Whether something else stands in its place when it is used, or it is not readable as it stands.
filled_later(value) if regex.match(`\$\w|^\$|\}\}|%\w+%|^ENC\[|^ref\+|^vault:|^op://|^arn:|^projects/`, value)

# Whether it says of itself that it is none, or is what every manual starts with.
everybody_knows(value) if {
	regex.match(
		concat("", [
			`(?i)sample|fake|the[-_]secret|must[-_]be|password\d+$|^6LeIxAcTAAAAA|your[-_ ]|my[-_]?(secret|password|passwd|pass|token|key|access)|xxx|local[-_]?dev|dev[-_]only|not[-_]?a?[-_]?(real|secret)|`,
			`^(update|enter|set|add|put|use|any|some)[-_ ]|`,
			`^(\.+|-+|0+|1234567*8*9*0*|test\w*|true|false|undefined|(not[-_ ])?(required|used|set|needed)|password\d*|passw0rd|secret\d*|admin\d*|`,
			`minio\w*|postgres|mysql|root|guest|foobar|foo|token|string|local\w*|dev\w*|insecure\w*|build\w*|collectstatic\w*)$`,
		]),
		value,
	)
}

# Whether a text has the form of a credential, whatever its name.
formed(value) if {
	is_string(value)
	not text.placeholder(value)
	regex.match(
		concat("", [
			`-----BEGIN ([A-Z0-9]+ )?PRIVATE KEY|\b(AKIA|ASIA)[A-Z2-7]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_[A-Za-z0-9_]{50}|\bglpat-[\w-]{20}|`,
			`\bxox[abprs]-[0-9A-Za-z-]{20}|\b[sr]k_live_[0-9A-Za-z]{20}|\bAIza[\w-]{35}\b|\bnpm_[A-Za-z0-9]{36}\b|\bhvs\.[\w-]{24}|\bdop_v1_[0-9a-f]{64}|`,
			`\bSG\.[\w-]{22}\.[\w-]{43}|\bAccountKey=[A-Za-z0-9+/]{80}`,
		]),
		value,
	)
}

# The text of a Secret's value: as it stands in stringData, out of base64 in data; undefined where it is none.
decoded("stringData", value) := value if is_string(value)

decoded("data", value) := base64.decode(value) if {
	is_string(value)
	base64.is_valid(value)
}

# Whether a text, by its form or because it is long and mixed, is a credential that somebody was given.
given(value) if formed(value)

given(value) if {
	literal(value)
	count(value) >= 16
	regex.match(`[0-9]`, value)
	regex.match(`[A-Za-z]`, value)
	not regex.match(`\s|^https?:|^[./]|\.(json|ya?ml|pem|txt)$|^[a-z]+(-[a-z0-9]+)+$`, value)
}

# Host and path of an address, without what may be a secret in it: who signs in, and the query.
address(url) := found[0][1] if {
	is_string(url)
	found := regex.find_all_string_submatch_n(`https?://(?:[^\s/@]*@)?([^\s"',\]@?#]+)`, url, 1)
}
