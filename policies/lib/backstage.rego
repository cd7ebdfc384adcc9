# What policies ask of a Backstage entity, said once. Source: https://backstage.io/docs/features/software-catalog/descriptor-format
package idp_assess.lib.backstage

import data.idp_assess.lib.text

# The kinds whose owner answers for something that runs, or that makes something.
owned := {"Component", "API", "System", "Domain", "Resource", "Template"}

# Whether a reference can be one to an entity: [kind:][namespace/]name.
reference(value) if {
	is_string(value)
	regex.match(`^([A-Za-z][\w]*:)?([A-Za-z0-9][\w.-]*/)?[A-Za-z0-9][\w.-]*$`, value)
}

# The steps of a template, with their position: {i: step}; only those that name an action.
steps := {i: step |
	input.kind == "Template"
	some i, step in input.spec.steps
	is_string(step.action)
}

# What a step is called, wherever it stands in the list.
named(step) := step.id if {
	is_string(step.id)
} else := step.name if {
	is_string(step.name)
} else := step.action

# The fields of a template's form with their places: {path, name, field}. Fields that only show up on a condition are among them.
fields contains {"path": path, "name": path[count(path) - 1], "field": field} if {
	input.kind == "Template"
	walk(input.spec.parameters, [inner, field])
	count(inner) > 1
	inner[count(inner) - 2] == "properties"
	is_object(field)
	path := array.concat(["spec", "parameters"], inner)
}

# Whether a field takes any text that somebody types.
free(field) if {
	field.type == "string"
	not field.enum
	not field.oneOf
	not field.const
	not field.pattern
	not field["ui:field"]
	not field["ui:backstage"]
	not field["ui:disabled"]
	object.get(field, "ui:widget", "") != "hidden"
}

# The parameters that a text begins with, after the scheme: those that name the host, or the whole of it.
leading(text) := [found[1] |
	is_string(text)
	some found in regex.find_all_string_submatch_n(`^\s*(?:https?://)?\$?\{\{\s*parameters\.(\w+)\s*\}\}`, text, 1)
]

# Whether a value is filled in later.
templated(value) if {
	is_string(value)
	value != ""
	not text.known(value)
}
