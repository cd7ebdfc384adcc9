"""Terraform plans: what is there, what will be, and what nobody knows before the apply."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from assess.collect.git.repository import Repository
from assess.errors import UsageError
from assess.model.finding import Finding, Severity, Verdict
from assess.model.target import Location
from assess.policy.documents import PolicyDocument
from assess.policy.gate.plan import code, judge, read_plan
from assess.policy.tree import Tree
from assess.spec.nodes import Span
from tests.worlds import commit


def written(path: Path, *changes: dict[str, Any], **more: Any) -> Path:
    """A plan file."""
    path.write_text(json.dumps({"format_version": "1.2", "resource_changes": changes, **more}))
    return path


def bucket(before: Any, after: Any, unknown: Any = None, **more: Any) -> dict[str, Any]:
    """The change of one bucket."""
    change = {"actions": ["update"], "before": before, "after": after, "after_unknown": unknown or {}, **more}
    return {"address": "aws_s3_bucket.logs", "mode": "managed", "type": "aws_s3_bucket", "name": "logs", "change": change}


def public(documents: Sequence[PolicyDocument]) -> list[Finding]:
    """A policy: no bucket is public."""
    found = []
    for document in documents:
        for name, body in document.value.get("resource", {}).get("aws_s3_bucket", {}).items():
            if body.get("acl") == "*":
                found.append(
                    Finding(
                        policy="T-001", engine="rego", verdict=Verdict.FAIL, severity=Severity.HIGH, at=Location(target="shop", path=document.path),
                        address=f"resource.aws_s3_bucket.{name}", message=f"{name} is public",
                    )
                )  # fmt: skip
    return found


def nowhere(*_: str) -> tuple[str, Span]:
    """No code at hand."""
    return "", Span()


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (bucket({"acl": "private"}, {"acl": "*"}), [], ["fail"]),
        (bucket({"acl": "*"}, {"acl": "*"}), ["fail"], ["fail"]),
        (bucket({"acl": "*"}, {"acl": "private"}), ["fail"], []),
        (bucket(None, {"bucket": "b"}, {"acl": True}), [], ["not_observed"]),
        (bucket(None, {"acl": "*"}, {"id": True, "tags": {"x": True}}), [], ["fail"]),
        (bucket({"acl": "*"}, None), ["fail"], []),
        (bucket(None, {"acl": "*"}, None, after_sensitive={"acl": True}), [], []),
    ],
    ids=["added", "kept", "mended", "known after apply", "another is unknown", "destroyed", "sensitive"],
)
def test_what_is_unknown_neither_passes_nor_fails(change: Any, before: list[str], after: list[str], tmp_path: Path) -> None:
    plan = read_plan(written(tmp_path / "plan.json", change))
    told = judge(plan, public, nowhere, "shop")
    assert [[finding.verdict for finding in side] for side in told] == [before, after]
    assert all(finding.at.path == "plan.json" for side in told for finding in side)


def test_a_finding_is_the_same_one_before_and_after(tmp_path: Path) -> None:
    before, after = judge(read_plan(written(tmp_path / "plan.json", bucket({"acl": "*"}, {"acl": "*"}))), public, nowhere, "shop")
    assert [f.fingerprint for f in before] == [f.fingerprint for f in after]


def test_no_sensitive_value_is_in_a_document(tmp_path: Path) -> None:
    change = bucket(None, {"a": "hunter2", "b": [{"c": "hunter2"}]}, None, after_sensitive={"a": True, "b": [{"c": True}]})
    plan = read_plan(written(tmp_path / "plan.json", change))
    assert "hunter2" not in repr([document.value for documents in plan.after() for document in documents])


def test_a_resource_stands_where_its_code_is(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "infra/main.tf": 'module "logs" {\n  source = "../modules/bucket"\n}\n',
        "modules/bucket/main.tf": '# one\n\nresource "aws_s3_bucket" "logs" {}\n',
    }
    place = code(Tree(Repository(commit(tmp_path / "shop", files), "shop")), "infra")
    assert place("module.logs", "aws_s3_bucket", "logs") == ("modules/bucket/main.tf", Span(3, 1, 3, 32))
    assert place('module.logs["eu"]', "aws_s3_bucket", "logs")[0] == "modules/bucket/main.tf"
    assert place("", "aws_s3_bucket", "logs") == ("", Span())
    assert place("module.other", "aws_s3_bucket", "logs") == ("", Span())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not JSON"),
        ("[]", "is no Terraform plan"),
        ('{"format_version": "2.0"}', "is no Terraform plan of format 1"),
        ('{"format_version": "1.2", "errored": true, "resource_changes": []}', "did not succeed"),
        ('{"format_version": "1.2", "resource_changes": [{"address": 5}]}', "without address"),
    ],
)
def test_what_is_no_plan_is_refused(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(text)
    with pytest.raises(UsageError, match=says):
        read_plan(tmp_path / "plan.json")
