package idp_assess.pipelines.azure_no_script_injection_test

import data.idp_assess.pipelines.azure_no_script_injection

running(text) := {"steps": [{"name": "Tell", "script": text}]}

found(expression) := {{"id": "PIPE-043", "path": ["steps", 0, "script"], "params": {"expression": expression}, "resource": "Tell"}}

test_message if {
	azure_no_script_injection.deny == found("$(Build.SourceVersionMessage)") with input as running("echo \"$(Build.SourceVersionMessage)\"")
}

test_branch_warns if {
	azure_no_script_injection.warn == found("$(System.PullRequest.SourceBranch)") with input as running("git fetch origin $(System.PullRequest.SourceBranch)")
}

test_silent if {
	every text in ["echo $(Build.BuildId)", "echo \"$MESSAGE\"", 5, null, ["$(Build.SourceVersionMessage)"]] {
		count(azure_no_script_injection.deny | azure_no_script_injection.warn) == 0 with input as running(text)
	}
	count(azure_no_script_injection.deny) == 0 with input as {"steps": [{"script": "x", "env": {"MESSAGE": "$(Build.SourceVersionMessage)"}}]}
}
