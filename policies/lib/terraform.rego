# The parts of a Terraform module, each with its path. All are rules over `input`, so that they are worked out once for
# a module, however many policies ask. Shapes: assess/policy/formats/hcl.py.
package idp_assess.lib.terraform

import data.idp_assess.lib.text

settings contains {"path": ["terraform", i], "body": body} if {
	some i, body in input.terraform
	is_object(body)
}

backends contains {"path": array.concat(block.path, ["backend", type, i]), "type": type, "body": body} if {
	some block in settings
	some type, bodies in block.body.backend
	some i, body in bodies
	is_object(body)
}

clouds contains block.path if {
	some block in settings
	some body in block.body.cloud
	is_object(body)
}

providers contains {"path": ["provider", name, i], "name": name, "body": body} if {
	some name, bodies in input.provider
	is_string(name)
	some i, body in bodies
	is_object(body)
}

required_providers contains {"path": array.concat(block.path, ["required_providers", i, name]), "name": name, "wanted": wanted} if {
	some block in settings
	some i, body in block.body.required_providers
	is_object(body)
	some name, wanted in body
}

resources contains {"path": ["resource", type, name], "type": type, "address": concat(".", [type, name]), "body": body} if {
	some type, named in input.resource
	is_string(type)
	is_object(named)
	some name, body in named
	is_object(body)
}

modules contains {"path": ["module", name], "name": name, "body": body} if {
	is_object(input.module)
	some name, body in input.module
	is_object(body)
}

variables contains {"path": ["variable", name], "name": name, "body": body} if {
	is_object(input.variable)
	some name, body in input.variable
	is_object(body)
}

# A module that is applied itself: it says where its state is, or configures a provider under its own name. Others are
# called by one that does.
root if count(backends) > 0

root if count(clouds) > 0

root if configures

configures if {
	some provider in providers
	not provider.body.alias
	some key, _ in provider.body
	not key in {"version", "features"}
}

# An argument's text as it is written, where it is no expression.
literal(value) := value if text.known(value)
