package idp_assess.terraform.module_refs_test

import data.idp_assess.terraform.module_refs

called(source) := {"module": {"vpc": {"source": source}}}

denied(ref) := {{"id": "TF-006", "path": ["module", "vpc", "source"], "params": {"module": "vpc", "ref": ref}, "resource": "vpc"}}

test_pinned if {
	every source in [
		"git::https://example.org/vpc.git?ref=v1.2.0", "github.com/acme/vpc?ref=51d462976d84fdea54b47d80dcabbf680badcdb8",
		"git@github.com:acme/vpc.git?depth=1&ref=2.0", "git::ssh://git@example.org/vpc.git//modules/a?ref=release-2024-01",
	] {
		count(module_refs.deny) == 0 with input as called(source)
	}
}

test_default_branch if {
	every source in ["git::https://example.org/vpc.git", "github.com/acme/vpc", "git@github.com:acme/vpc.git//a", "https://example.org/vpc.git?ref="] {
		module_refs.deny == denied("the default branch") with input as called(source)
	}
}

test_branch if {
	every ref in ["main", "master", "develop", "HEAD", "refs/heads/v1"] {
		module_refs.deny == denied(ref) with input as called(concat("", ["git::https://example.org/vpc.git?ref=", ref]))
	}
}

test_others_are_silent if {
	every source in ["./vpc", "terraform-aws-modules/vpc/aws", "git::https://example.org/vpc.git?ref=${var.ref}", 5, null, "https://example.org/vpc.zip"] {
		count(module_refs.deny) == 0 with input as called(source)
	}
}
