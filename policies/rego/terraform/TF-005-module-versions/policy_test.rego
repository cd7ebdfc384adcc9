package idp_assess.terraform.module_versions_test

import data.idp_assess.terraform.module_versions

called(body) := {"module": {"vpc": body}}

denied(key) := {{"id": "TF-005", "path": ["module", "vpc", key], "params": {"module": "vpc"}, "resource": "vpc"}}

test_versioned if {
	every version in ["5.1.2", "~> 5.1", ">= 5.1, < 6.0", "${var.x}", ">= 5.0"] {
		count(module_versions.deny) == 0 with input as called({"source": "terraform-aws-modules/vpc/aws", "version": version})
	}
}

test_without_version if {
	every source in ["terraform-aws-modules/vpc/aws", "app.terraform.io/acme/vpc/aws", "Azure/naming/azurerm", "terraform-aws-modules/iam/aws//modules/iam-user"] {
		module_versions.deny == denied("source") with input as called({"source": source})
	}
}

test_any_version if {
	every version in ["*", "", "latest"] {
		module_versions.deny == denied("version") with input as called({"source": "terraform-aws-modules/vpc/aws", "version": version})
	}
}

test_other_sources if {
	every source in ["./vpc", "../modules/vpc", "git::https://example.org/vpc.git?ref=v1", "github.com/acme/vpc", "${var.source}", 5, "s3::https://s3.example.org/vpc.zip", "oci://ghcr.io/acme/vpc"] {
		count(module_versions.deny) == 0 with input as called({"source": source})
	}
}
