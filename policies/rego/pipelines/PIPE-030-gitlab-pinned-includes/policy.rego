# METADATA
# title: What a GitLab pipeline includes is of a fixed version
# description: >-
#   An included file is part of the pipeline and sees its variables. From a branch, or from an address, it is whatever
#   stands there when the pipeline starts.
# related_resources:
#   - https://docs.gitlab.com/ci/yaml/#include
#   - https://docs.gitlab.com/ci/components/
# custom:
#   id: PIPE-030
#   severity: medium
#   reads: gitlab-ci
#   message: "{what} is included as it is when the pipeline starts"
#   fix: "{what}: pin it by ref (a tag or commit), by a component's version, or by integrity"
#   controls:
#     owasp-cicd: [CICD-SEC-3]
package idp_assess.pipelines.gitlab_pinned_includes

import data.idp_assess.lib.gitlab
import data.idp_assess.lib.secrets
import data.idp_assess.lib.text
import data.idp_assess.lib.versions

deny contains answer(one.path, "remote", secrets.address(one.include.remote)) if {
	some one in gitlab.includes
	text.known(one.include.remote)
	not one.include.integrity
	not regex.match(`[0-9a-f]{40}|/v?[0-9]+\.[0-9]+(\.[0-9]+)?/`, one.include.remote)
}

deny contains answer(one.path, "component", split(one.include.component, "@")[0]) if {
	some one in gitlab.includes
	is_string(one.include.component)
	version := split(one.include.component, "@")[1]
	moving(version)
}

# A project of the same GitLab is mostly the organization's own.
warn contains answer(one.path, "project", one.include.project) if {
	some one in gitlab.includes
	text.known(one.include.project)
	not pinned(one.include)
}

pinned(include) if {
	is_string(include.ref)
	not versions.moving(include.ref)
}

moving("~latest")

moving(version) if versions.moving(version)

# The whole include, where the key that should pin it is missing; a text is its own place.
answer(path, key, what) := {
	"id": "PIPE-030",
	"path": array.concat(path, [key]),
	"params": {"what": what},
	"resource": what,
}
