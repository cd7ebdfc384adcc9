package idp_assess.terraform.stores_protected_test

import data.idp_assess.terraform.stores_protected

database(body) := {"resource": {"aws_db_instance": {"shop": body}}}

warned(path, setting, address) := {{"id": "TF-011", "path": path, "params": {"address": address, "setting": setting}, "resource": address}}

test_protected if {
	every body in [
		{"deletion_protection": true}, {"deletion_protection": "${var.protect}"}, {"lifecycle": [{"prevent_destroy": true}]},
		{"replicate_source_db": "${aws_db_instance.main.id}"},
	] {
		count(stores_protected.warn) == 0 with input as database(body)
	}
}

test_open if {
	every body in [{}, {"deletion_protection": false}, {"lifecycle": [{"prevent_destroy": false}]}, {"lifecycle": 5}] {
		stores_protected.warn == warned(["resource", "aws_db_instance", "shop"], "deletion_protection = true", "aws_db_instance.shop") with input as database(body)
	}
}

test_protected_by_default if {
	count(stores_protected.warn) == 0 with input as {"resource": {"google_sql_database_instance": {"shop": {}}}}
	count(stores_protected.warn) == 1 with input as {"resource": {"google_sql_database_instance": {"shop": {"deletion_protection": false}}}}
}

test_buckets if {
	stores_protected.warn == warned(["resource", "aws_s3_bucket", "orders", "force_destroy"], "force_destroy = false", "aws_s3_bucket.orders") with input as {"resource": {"aws_s3_bucket": {"orders": {"force_destroy": true}}}}
	count(stores_protected.warn) == 0 with input as {"resource": {"aws_s3_bucket": {"orders": {"force_destroy": "${var.force}"}}}}
	count(stores_protected.warn) == 0 with input as {"resource": {"aws_s3_bucket": {"access_logs": {"force_destroy": true}}}}
}
