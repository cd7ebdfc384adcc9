# The parts of a container image's name. Source: https://pkg.go.dev/github.com/distribution/reference
package idp_assess.lib.image

import data.idp_assess.lib.text
import data.idp_assess.lib.versions

# The tag; undefined where there is none, or where the name is not yet known.
tag(name) := parts[1] if {
	parts := split(last(name), ":")
	count(parts) == 2
}

# Neither tag nor digest: the registry gives `latest`.
untagged(name) if not contains(last(name), ":")

digest(name) if {
	is_string(name)
	contains(name, "@sha256:")
}

# A name that may stand for another image tomorrow.
floating(name) if {
	text.known(name)
	not digest(name)
	versions.moving(tag(name))
}

last(name) := part if {
	text.known(name)
	not digest(name)
	parts := split(name, "/")
	part := parts[count(parts) - 1]
}

# The name without its tag.
bare(name) := trim_suffix(name, concat("", [":", tag(name)])) if {
	tag(name)
} else := name

# Whether the newest version of an image is taken, whatever that is.
unversioned(name) if floating(name)

unversioned(name) if {
	last(name)
	untagged(name)
}
