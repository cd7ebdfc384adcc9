"""Terraform in JSON syntax is read as the same code in HCL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assess.collect.git.collector import collect_repository
from assess.model.fact import Fact, ModuleCall, TerraformModule, TerraformRoot

PAIRS = [
    (
        'terraform {\n  backend "s3" {\n    bucket = "x"\n  }\n}\nprovider "aws" {\n  region = "y"\n}\nresource "aws_s3_bucket" "logs" {\n}\n',
        '{"terraform": {"backend": {"s3": {"bucket": "x"}}}, "provider": {"aws": {"region": "y"}}, "resource": {"aws_s3_bucket": {"logs": {}}}}',
    ),
    (
        'module "vpc" {\n  source  = "terraform-aws-modules/vpc/aws"\n  version = "5.1.0"\n}\nmodule "own" {\n  source = "../own"\n}\n',
        '{"module": {"vpc": {"source": "terraform-aws-modules/vpc/aws", "version": "5.1.0"}, "own": {"source": "../own"}}}',
    ),
    (
        'resource "a_b" "x" {\n}\nresource "a_b" "y" {\n}\nresource "c_d" "z" {\n}\n',
        '{"resource": [{"a_b": [{"x": {}}, {"y": [{}]}]}, {"c_d": {"z": {}}}]}',
    ),
    ('terraform {\n  cloud {\n  }\n}\nresource "a_b" "x" {\n}\n', '{"terraform": [{"cloud": {}}], "resource": {"a_b": {"x": {}}}}'),
]


def facts(path: Path) -> list[Fact]:
    """The Terraform facts of a repository, without the lines and file names that differ by syntax."""
    found = [f for f in collect_repository(path, "shop").facts if isinstance(f, TerraformRoot | TerraformModule | ModuleCall)]
    return [replace(f, at=replace(f.at, path="", line=0)) for f in found]


@pytest.mark.parametrize(("hcl", "json"), PAIRS, ids=["root", "calls", "lists", "cloud"])
def test_the_same_code_in_both_syntaxes(hcl: str, json: str, repository: Callable[..., Path]) -> None:
    in_hcl = facts(repository({"infra/main.tf": hcl}, name="hcl"))
    assert in_hcl
    assert facts(repository({"infra/main.tf.json": json}, name="json")) == in_hcl


def test_both_syntaxes_in_one_directory_are_one_root(repository: Callable[..., Path]) -> None:
    path = repository({"infra/main.tf": PAIRS[0][0], "infra/more.tf.json": '{"resource": {"aws_sns_topic": {"t": {}}}}'})
    (root,) = [fact for fact in facts(path) if isinstance(fact, TerraformRoot)]
    assert root.resource_types == ("aws_s3_bucket", "aws_sns_topic")


def test_lines_are_those_of_the_file(repository: Callable[..., Path]) -> None:
    path = repository({"infra/main.tf.json": '{\n  "module": {\n    "vpc": {\n      "source": "../vpc"\n    }\n  }\n}\n'})
    (call,) = [fact for fact in collect_repository(path, "shop").facts if isinstance(fact, ModuleCall)]
    assert (call.at.path, call.at.line) == ("infra/main.tf.json", 3)


def test_json_that_does_not_parse_is_a_gap_about_its_directory(repository: Callable[..., Path]) -> None:
    seen = collect_repository(repository({"infra/main.tf.json": '{"resource": '}), "shop")
    (gap,) = seen.gaps
    assert (gap.at.path, gap.under) == ("infra/main.tf.json", "infra")
    assert "TerraformRoot" in gap.blinds
