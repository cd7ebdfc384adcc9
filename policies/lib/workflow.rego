# What policies ask of a GitHub workflow or action, said once. Every step guards the type of what it reads: a builtin that is
# given the wrong type is an error to an OPA server and undefined (silent) to WebAssembly, and both must give one verdict.
package idp_assess.lib.workflow

import data.idp_assess.lib.shell

# The commands of each step of a job, one a line.
commands(job) := {line |
	some step in job.steps
	some line in shell.lines(step.run)
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

# The events that a workflow runs on.
triggers(workflow) := {workflow.on} if is_string(workflow.on)

triggers(workflow) := {event | some event in workflow.on; is_string(event)} if is_array(workflow.on)

triggers(workflow) := {event | some event, _ in workflow.on} if is_object(workflow.on)

# Whether a job changes infrastructure.
applies(job) if {
	some line in commands(job)
	shell.applies(line)
}

# Whether a job changes what runs somewhere: by a command, or in an environment that it names.
deploys(job) if {
	some line in commands(job)
	shell.deploys(line)
	not throwaway(job)
}

deploys(job) if environment(job)

# Whether a job brings up the cluster that it then uses, or tests: nothing of it is left.
throwaway(job) if {
	some line in commands(job)
	regex.match(`(^|[\s;&|(])(kind\s+create|minikube\s+start|k3d\s+cluster\s+create|microk8s|ctlptl\s+create|k0s|molecule\s+test)`, line)
}

throwaway(job) if {
	some step in job.steps
	is_string(step.uses)
	regex.match(`(?i)(kind|minikube|k3d|k3s|microk8s)([\w-]*)(/[^@]*)?@`, step.uses)
}

# What names a step, wherever it stands in its list: its id, its name, what it uses without the version.
named(step) := step.id if {
	is_string(step.id)
} else := step.name if {
	is_string(step.name)
} else := split(step.uses, "@")[0] if {
	is_string(step.uses)
} else := ""

# Every place that uses an action, or a workflow, of another repository: {path, uses, resource}. `document` is a workflow or an action.
uses(document) := (jobs | steps) | runs if {
	jobs := {{"path": ["jobs", name, "uses"], "uses": job.uses, "resource": ""} |
		some name, job in document.jobs
		remote(job.uses)
	}
	steps := {{"path": ["jobs", name, "steps", i, "uses"], "uses": step.uses, "resource": named(step)} |
		some name, job in document.jobs
		some i, step in job.steps
		remote(step.uses)
	}
	runs := {{"path": ["runs", "steps", i, "uses"], "uses": step.uses, "resource": named(step)} |
		some i, step in document.runs.steps
		remote(step.uses)
	}
}

# Whether `uses` names another repository: not a path of this one, not an image, nothing that is filled in later.
remote(text) if {
	is_string(text)
	regex.match(`^[\w.-]+/[\w.-]+(/[^@]*)?@[^@\s]+$`, text)
	not contains(text, "${{")
	not startswith(text, ".")
}

# The repository's owner, the action without its version, the version.
owner(text) := split(text, "/")[0]

action(text) := split(text, "@")[0]

version(text) := split(text, "@")[1]

# A version that cannot be moved to other code.
pinned(text) if regex.match(`^([0-9a-f]{40}|[0-9a-f]{64})$`, version(text))

# A version that moves with every push, not with every release.
branch(text) if regex.match(`^(main|master|develop|dev|trunk|HEAD|latest|edge|nightly|next|stable|refs/heads/.+)$`, version(text))

# A version that the owner of another repository can move, though seldom.
tagged(text) if {
	not pinned(text)
	not branch(text)
	not first_party(text)
}

# A repository that the forge itself owns.
first_party(text) if owner(text) in {"actions", "github"}

# A whole workflow of another repository.
called(text) if contains(text, "/.github/workflows/")

# Whether a text has an expression that whoever opens an issue, a pull request or a comment has written.
# Source: https://docs.github.com/en/actions/concepts/security/script-injections
untrusted(text) := [found[1] |
	is_string(text)
	some found in regex.find_all_string_submatch_n(
		concat("", [
			`\$\{\{(?:[^}]|\}[^}])*?\b(github\.(?:head_ref|event\.(?:`,
			`(?:issue|pull_request|discussion)\.(?:title|body)|`,
			`pull_request\.head\.(?:ref|label|repo\.default_branch)|`,
			`(?:comment|review|review_comment)\.body|`,
			`workflow_run\.(?:head_branch|display_title|head_commit\.(?:message|author\.(?:name|email)))|`,
			`head_commit\.(?:message|author\.(?:name|email))|`,
			`commits(?:\[\d+\]|\.\*)\.(?:message|author\.(?:name|email))|`,
			`pages(?:\[\d+\]|\.\*)\.page_name)))\b`,
		]),
		text, -1,
	)
]
