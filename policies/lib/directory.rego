# What policies ask of all objects of a directory. All are over `input.objects`.
package idp_assess.lib.directory

import data.idp_assess.lib.kubernetes
import data.idp_assess.lib.text

# Position -> name of each namespace for applications that is defined here.
namespaces[i] := name if {
	some i, object in input.objects
	object.kind == "Namespace"
	name := object.metadata.name
	text.known(name)
	not kubernetes.system_namespace(name)
}

# Whether something runs in a namespace by what is defined here.
has_workload(name) if {
	some object in input.objects
	object.kind in {"Deployment", "StatefulSet", "CronJob", "Rollout"}
	object.metadata.namespace == name
}

# Whether an object is for a namespace: by name, or because it names none (it is set later) or is for the whole cluster.
within(object, name) if object.metadata.namespace == name

within(object, _) if not object.metadata.namespace

within(object, _) if {
	is_string(object.metadata.namespace)
	not text.known(object.metadata.namespace)
}
