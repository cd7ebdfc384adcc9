# What policies ask of a GitHub workflow, said once. Every step guards the type of what it reads: a builtin that is given
# the wrong type is an error to an OPA server and undefined (silent) to WebAssembly, and both must give one verdict.
package idp_assess.lib.workflow

# The shell text of each step of a job, without whole-line comments.
commands(job) := {text |
	some step in job.steps
	is_string(step.run)
	lines := [line | some line in split(step.run, "\n"); not startswith(trim_space(line), "#")]
	text := concat("\n", lines)
}

# The environment that a job names; undefined where it names none.
environment(job) := job.environment if {
	is_string(job.environment)
	job.environment != ""
}

environment(job) := job.environment.name if {
	is_string(job.environment.name)
	job.environment.name != ""
}
