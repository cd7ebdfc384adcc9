# METADATA
# title: No credential is written into an Azure pipeline
# description: >-
#   It is in the history for everyone who can read the repository, is shown in logs, and works until somebody revokes it.
# related_resources:
#   - https://learn.microsoft.com/azure/devops/pipelines/process/set-secret-variables
#   - https://learn.microsoft.com/azure/devops/pipelines/security/secrets
# custom:
#   id: SEC-011
#   severity: high
#   reads: azure-pipelines
#   message: "{name} is given a credential in clear text"
#   fix: "revoke it, and take {name} from a key vault or a secret variable of a variable group"
#   controls:
#     owasp-cicd: [CICD-SEC-6]
#     nist-800-53: [IA-5]
package idp_assess.secrets.no_azure_credentials

import data.idp_assess.lib.azure
import data.idp_assess.lib.secrets

deny contains {"id": "SEC-011", "path": path, "params": {"name": name}, "resource": name} if {
	some [path, name, value] in values
	credential(name, value)
}

credential(name, value) if {
	secrets.names_one(name)
	secrets.given(value)
}

credential(_, value) if secrets.formed(value)

# Variables of the pipeline and of its stages and jobs, as a mapping or as a list.
values contains [array.concat(at, ["variables", name]), name, value] if {
	some [at, holder] in holders
	is_object(holder.variables)
	some name, value in holder.variables
	is_string(name)
}

values contains [array.concat(at, ["variables", i, "value"]), one.name, one.value] if {
	some [at, holder] in holders
	is_array(holder.variables)
	some i, one in holder.variables
	is_string(one.name)
}

values contains [array.concat(one.path, ["env", name]), name, value] if {
	some one in azure.steps
	is_object(one.step.env)
	some name, value in one.step.env
	is_string(name)
}

holders contains [[], input]

holders contains [["stages", i], stage] if some i, stage in input.stages

holders contains [one.path, one.job] if some one in azure.jobs
