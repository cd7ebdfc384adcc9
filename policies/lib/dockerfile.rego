# What policies ask of a Dockerfile's stages, said once.
package idp_assess.lib.dockerfile

import data.idp_assess.lib.shell

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

# The commands of each RUN: [stage, instruction, lines].
runs contains [i, j, shell.lines(instruction.value)] if {
	some i, stage in input.stages
	some j, instruction in stage.instructions
	instruction.name == "RUN"
	is_string(instruction.value)
}

# Whether a stage's layers are in the image: the last one, and what it is built on.
shipped(i) if {
	is_array(input.stages)
	i in lineage(input.stages, count(input.stages) - 1)
}

# What a COPY or ADD takes, without where it puts it.
sources(value) := array.slice(words, 0, count(words) - 1) if {
	is_string(value)
	words := [word[1] | some word in regex.find_all_string_submatch_n(`([^\s"',\[\]]+)`, value, -1)]
}
