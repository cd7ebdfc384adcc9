"""A Terraform module as one document: what stands in several files, and what stands twice."""

from __future__ import annotations

import pytest

from assess.policy.formats.hcl import read_module
from assess.policy.formats.source import Source, Unreadable

BUCKET = b'resource "aws_s3_bucket" "logs" {\n  bucket = "logs"\n  acl    = "private"\n}\n'


def test_an_override_file_says_parts_anew_and_hides_nothing() -> None:
    files = [Source("m/override.tf", b'resource "aws_s3_bucket" "logs" {\n  acl = "public-read"\n}\n'), Source("m/z.tf", BUCKET)]
    (read,) = read_module(files)
    assert read.value["resource"]["aws_s3_bucket"]["logs"] == {"bucket": "logs", "acl": "public-read"}
    assert read.place(("resource", "aws_s3_bucket", "logs", "acl"))[0] == "m/override.tf"
    assert read.place(("resource", "aws_s3_bucket", "logs", "bucket"))[0] == "m/z.tf"


@pytest.mark.parametrize("name", ["b.tf", "a.tofu", "a.tf.json"])
def test_an_address_that_stands_twice_is_unreadable(name: str) -> None:
    second = b'{"resource": {"aws_s3_bucket": {"logs": {}}}}' if name.endswith("json") else BUCKET
    with pytest.raises(Unreadable, match="stands twice"):
        read_module([Source("m/a.tf", BUCKET), Source(f"m/{name}", second)])


def test_comments_of_json_are_no_blocks() -> None:
    (read,) = read_module([Source("m/a.tf.json", b'{"resource": {"//": "x", "a_b": {"//": "x", "c": {"d": 1}}}}')])
    assert read.value == {"resource": {"a_b": {"c": {"d": 1}}}}
