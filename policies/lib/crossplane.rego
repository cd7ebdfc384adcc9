# The managed resources of a document, each with the path of its spec: the object itself, or those in a composition.
package idp_assess.lib.crossplane

managed contains {"path": ["spec"], "kind": input.kind, "spec": input.spec} if {
	is_object(input.spec)
	is_object(input.spec.forProvider)
	is_string(input.kind)
}

managed contains found if {
	some found in composed
	is_object(found.spec.forProvider)
}

# Those that live in a namespace, by the `m` of their group.
of_namespaces contains {"path": ["spec"], "kind": input.kind, "spec": input.spec} if {
	namespaced(input.apiVersion)
	is_object(input.spec)
	is_string(input.kind)
	not endswith(input.kind, "ProviderConfig")
}

of_namespaces contains found if {
	some found in composed
	namespaced(found.version)
}

composed contains {"path": array.concat(["spec"], array.concat(path, ["spec"])), "kind": node.kind, "version": version, "spec": node.spec} if {
	input.kind == "Composition"
	walk(input.spec, [path, node])
	is_object(node)
	is_object(node.spec)
	is_string(node.kind)
	version := node.apiVersion
	is_string(version)
}

namespaced(version) if {
	is_string(version)
	regex.match(`\.m\.(upbound|crossplane)\.io/`, version)
}
