# The parts of what Argo CD and Flux are told, each with its path. All are rules over `input`; the kind comes first.
package idp_assess.lib.gitops

# An Application, or what an ApplicationSet makes of its template. One without source or destination is a patch.
application := {"path": ["spec"], "spec": input.spec} if {
	input.kind == "Application"
	argo
	placed(input.spec)
}

application := {"path": ["spec", "template", "spec"], "spec": input.spec.template.spec} if {
	input.kind == "ApplicationSet"
	argo
	placed(input.spec.template.spec)
}

placed(spec) if {
	is_object(spec.destination)
	some key in ["source", "sources"]
	_ = spec[key]
}

argo if {
	is_string(input.apiVersion)
	startswith(input.apiVersion, "argoproj.io/")
}

# Whether what the template says may be said otherwise for one element.
patched if input.spec.templatePatch

# How an application is synchronised by itself; undefined where it is not.
automated := application.spec.syncPolicy.automated if {
	is_object(application.spec.syncPolicy.automated)
	not application.spec.syncPolicy.automated.enabled == false
}

sources contains {"path": array.concat(application.path, ["source"]), "body": application.spec.source} if {
	is_object(application.spec.source)
}

sources contains {"path": array.concat(application.path, ["sources", i]), "body": body} if {
	some i, body in application.spec.sources
	is_object(body)
}

# Whether the object is one of Flux, of a group such as `source`.
flux(group) if {
	is_string(input.apiVersion)
	startswith(input.apiVersion, concat("", [group, ".toolkit.fluxcd.io/"]))
}

# A project of those who run the platform: it reaches everywhere by its work.
platform_project if {
	is_string(input.metadata.name)
	regex.match(`(?i)(^|[-_])(platform|infra(structure)?|system|cluster|admin|core|bootstrap|argo-?cd|gitops|add-?ons?|support|root|ops|mgmt|management|default)([-_]|$)`, input.metadata.name)
}
