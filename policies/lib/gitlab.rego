# What policies ask of a GitLab CI file, said once. Source: https://docs.gitlab.com/ci/yaml/
package idp_assess.lib.gitlab

import data.idp_assess.lib.shell

# Keys at the top that are no jobs.
settings := {"default", "include", "stages", "variables", "workflow", "spec", "image", "services", "cache", "before_script", "after_script", "pages_settings"}

# The jobs that run, by name; hidden ones are templates of others.
jobs := {name: job |
	is_object(input)
	some name, job in input
	is_object(job)
	not name in settings
	not startswith(name, ".")
}

# The commands of a job, with the place of each: [path within the job, line]. Lists within lists are those of anchors.
commands(job) := {[array.concat([key], inner), line] |
	some key in ["before_script", "script", "after_script"]
	walk(job[key], [inner, text])
	some line in shell.lines(text)
}

# Whether a job changes infrastructure.
applies(job) if {
	some [_, line] in commands(job)
	shell.applies(line)
}

# Whether a part of a job stands elsewhere: what it lacks, it may have from there.
inherits(job) if job.extends

inherits(job) if job.inherit

# The includes, with their places: {path, include}. One of its own, or a list of them.
includes contains {"path": ["include"], "include": input.include} if is_object(input.include)

includes contains {"path": ["include"], "include": {"remote": input.include}} if {
	is_string(input.include)
	startswith(input.include, "http")
}

includes contains {"path": ["include", i], "include": one} if {
	some i, one in input.include
	is_array(input.include)
	is_object(one)
}

includes contains {"path": ["include", i], "include": {"remote": one}} if {
	some i, one in input.include
	is_array(input.include)
	is_string(one)
	startswith(one, "http")
}
