"""What docs/gate.md shows works: its settings, waivers and suppressions are read, and its pipelines pass our own policies."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from assess.gate import gate
from assess.policy.gate.suppressions import suppressions
from assess.spec.gate import GateFile, WaiverFile
from assess.spec.strict import parse
from tests.worlds import commit

PAGE = Path(__file__).parents[3] / "docs" / "gate.md"
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)


def block(start: str) -> str:
    """The one block that begins so."""
    [found] = [text for text in BLOCKS if text.startswith(start)]
    return str(found)


def test_the_settings_and_the_defaults_that_the_page_names() -> None:
    shown = parse(block("rules:").encode(), "page", GateFile)
    assert len(shown.rules) == 3
    assert shown.model_copy(update={"rules": (), "ratchet": ()}) == GateFile(), "the page shows the defaults"


def test_the_waiver() -> None:
    assert [one.id for one in parse(block("waivers:").encode(), "page", WaiverFile).waivers] == ["W-1"]


def test_the_suppression() -> None:
    [one] = suppressions("x.yml", block("jobs:").encode(), date(2027, 5, 1))
    assert (one.wrong, one.policies, one.target) == ("", ("PIPE-004",), 3)


@pytest.mark.parametrize(("start", "path"), [("name: gate", ".github/workflows/gate.yml"), ("gate:", ".gitlab-ci.yml")])
def test_the_pipelines_have_no_finding(tmp_path: Path, start: str, path: str) -> None:
    """The GitLab one does not pin its image by digest, for that would be out of date tomorrow: only what blocks counts."""
    used = {".github/workflows/keep.yml": "on: push\njobs: {}\n", path: block(start)}
    result = gate(commit(tmp_path / "shop", used), whole=True, engines=("rego",))
    assert [
        (one.finding.policy, one.finding.message) for one in result.judged if one.finding.at.path == path and one in result.blocking
    ] == []
