# What a version, tag or Git reference may change to without anybody changing it here.
package idp_assess.lib.versions

# Names that move: a branch, or a tag that is set anew for each release.
moving(name) if {
	is_string(name)
	regex.match(`(?i)^(refs/heads/.+|(origin/)?(main|master|head|develop|development|dev|trunk|mainline|default|staging|production|stable|latest|edge|nightly|next|canary|rolling))$`, name)
}

# A full object id of Git.
commit(name) if {
	is_string(name)
	regex.match(`^([0-9a-f]{40}|[0-9a-f]{64})$`, name)
}

# A version constraint that any later major version meets, too.
unbounded(constraint) if {
	is_string(constraint)
	regex.match(`^\s*([*xX]|latest|>=?\s*v?[0-9][\w.+-]*|[xX*]\.[xX*](\.[xX*])?)?\s*$`, constraint)
}

# A version constraint that any version meets: it says nothing.
unbounded_below(constraint) if {
	is_string(constraint)
	regex.match(`^\s*([*xX]?|>=?\s*v?0(\.0)*)\s*$`, constraint)
}
