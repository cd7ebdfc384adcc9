# METADATA
# title: Dependabot keeps actions fresh, and runs no foreign code
# description: >-
#   Pins without updates grow old. And with insecure-external-code-execution the manifest of a dependency runs where
#   Dependabot's secrets for private registries are.
# related_resources:
#   - https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference
#   - https://docs.github.com/en/code-security/dependabot/working-with-dependabot/keeping-your-actions-up-to-date-with-dependabot
# custom:
#   id: PIPE-019
#   severity: medium
#   reads: dependabot
#   message: "Dependabot: {what}"
#   fix: "To mend it, {fix}"
package idp_assess.pipelines.updates_run_no_code

deny contains {"id": "PIPE-019", "path": ["updates", i, "insecure-external-code-execution"], "params": params, "resource": ecosystem(update)} if {
	some i, update in input.updates
	update["insecure-external-code-execution"] == "allow"
	params := {"what": "manifests of dependencies run as code during an update", "fix": "deny insecure-external-code-execution"}
}

# Another bot may update them.
warn contains {"id": "PIPE-019", "path": ["updates"], "params": params, "resource": ""} if {
	is_array(input.updates)
	every update in input.updates {
		ecosystem(update) != "github-actions"
	}
	params := {"what": "the actions of this repository's workflows are not updated", "fix": "add an update of the ecosystem github-actions"}
}

ecosystem(update) := update["package-ecosystem"] if {
	is_string(update["package-ecosystem"])
} else := ""
