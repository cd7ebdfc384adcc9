"""Changes for the tests of the gate: a base on `main`, a head on `feature`, and the words to say what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pygit2

from assess.gate import gate
from assess.policy.gate.result import GateResult, State
from tests.worlds import commit

TODAY = date(2026, 11, 25)
PLACE = ".github/workflows/deploy.yml"
PROTECTED = """\
on: push
jobs:
  apply:
    runs-on: ubuntu-24.04
    environment: production
    steps:
      - run: terraform apply tfplan
    permissions: {contents: read}
    concurrency: shop
    timeout-minutes: 30
"""
OPEN = PROTECTED.replace("    environment: production\n", "")
GATED = "on: pull_request\njobs:\n  gate:\n    steps:\n      - run: idp-assess gate\n"
Files = dict[str, str]
Gated = Callable[..., GateResult]


def waiver(**changed: str) -> str:
    """A waiver file with one waiver for the open workflow."""
    said = {
        "id": "W-1", "policy": "PIPE-004", "path": PLACE, "reason": "moves to the new runner in January", "owner": "team-shop",
        "created": "2026-11-01", "expires": "2027-01-31",
    }  # fmt: skip
    return json.dumps({"waivers": [{key: value for key, value in {**said, **changed}.items() if value}]})


def gated_in(tmp_path: Path) -> Gated:
    """A function that commits a base on `main` and a head on `feature` and judges the change."""

    def judge(before: Files, after: Files, **options: Any) -> GateResult:
        path = commit(tmp_path / "shop", before)
        repository = pygit2.Repository(str(path))
        repository.create_branch("feature", repository[repository.head.target])  # type: ignore[arg-type]
        repository.set_head("refs/heads/feature")
        commit(path, after, branch="feature")
        return gate(path, "main", "feature", engines=("rego",), today=TODAY, **options)

    return judge


def codes(result: GateResult) -> list[int]:
    """The exit codes as numbers."""
    return [int(code) for code in result.exit_codes]


def told(result: GateResult, state: State = State.NEW) -> list[tuple[str, str]]:
    """Policy and action of the findings of a state."""
    return sorted((one.finding.policy, one.action.value) for one in result.of(state))


SOUND = 'idp-assess:ignore PIPE-004 until=2027-02-01 reason="moves in January"'


def suppressed(text: str, comment: str = SOUND) -> str:
    """The workflow with a comment above its job."""
    return text.replace("  apply:", f"  # {comment}\n  apply:")
