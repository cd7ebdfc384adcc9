# What policies ask of a Dockerfile's stages, said once.
package idp_assess.lib.dockerfile

# Whether a stage's base is an image, not an earlier stage and not the empty one.
external(stages, i) if {
	is_string(stages[i].image)
	lower(stages[i].image) != "scratch"
	not parent(stages, i)
}

# The earlier stage that a stage is built on; undefined where it is built on an image.
parent(stages, i) := max(found) if {
	found := {j |
		some j, stage in stages
		j < i
		is_string(stage.as)
		stage.as != ""
		is_string(stages[i].image)
		lower(stage.as) == lower(stages[i].image)
	}
	count(found) > 0
}

# A stage and those that it is built on, up to four: recursion is not in the language.
lineage(stages, i) := (({i} | {a | a := parent(stages, i)}) | {b | b := parent(stages, parent(stages, i))}) | {c |
	c := parent(stages, parent(stages, parent(stages, i)))
}
