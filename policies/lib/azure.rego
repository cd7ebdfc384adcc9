# What policies ask of an Azure Pipelines file, said once. Source: https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/
package idp_assess.lib.azure

import data.idp_assess.lib.shell

# Every step that runs something, wherever it stands: {path, step}.
steps contains {"path": path, "step": step} if {
	walk(input, [path, step])
	is_object(step)
	some key in ["script", "bash", "pwsh", "powershell", "task"]
	is_string(step[key])
	not of_a_step(path)
}

of_a_step(path) if path[count(path) - 1] in {"inputs", "env"}

# Every job, wherever it stands: {path, job, name}. A deployment is a job with an environment.
jobs contains {"path": path, "job": job, "name": job[key]} if {
	walk(input, [path, job])
	is_object(job)
	some key in ["job", "deployment"]
	is_string(job[key])
}

# The script of a step: [path within the step, text].
scripts(step) := {[[key], step[key]] |
	some key in ["script", "bash", "pwsh", "powershell"]
	is_string(step[key])
} | {[["inputs", key], step.inputs[key]] |
	some key in ["script", "inlineScript"]
	is_string(step.inputs[key])
}

# The commands of a step, one a line.
commands(step) := {line |
	some [_, text] in scripts(step)
	some line in shell.lines(text)
}

# Whether a step changes infrastructure: by a command, or by a Terraform task.
applies(step) if {
	some line in commands(step)
	shell.applies(line)
}

applies(step) if {
	is_string(step.task)
	regex.match(`(?i)^(\w+\.)*terraform(task|cli|taskv\d)?@`, step.task)
	lower(step.inputs.command) == "apply"
}

# What names a step, wherever it stands in its list.
named(step) := step.name if {
	is_string(step.name)
} else := step.displayName if {
	is_string(step.displayName)
} else := split(step.task, "@")[0] if {
	is_string(step.task)
} else := ""
