"""Each policy's finding is the same one after its file, or the directory that holds it, has moved."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from assess.gate import gate
from assess.policy.gate.result import State
from assess.policy.kinds import KINDS
from assess.policy.rego import catalogue
from assess.policy.rego import wasm as rego_wasm
from assess.policy.rego.engine import Evaluator
from assess.policy.rego.examples import example
from assess.policy.rego.wasm import evaluator as in_process
from assess.spec.policy import PolicySpec
from tests.worlds import commit

KEEP = {".github/workflows/keep.yml": "on: push\njobs: {}\n"}


@cache
def _compiled() -> Evaluator:
    return in_process(catalogue.load())


def moved(policy: PolicySpec) -> tuple[str, str, bytes]:
    """Where the bad example stands, where it goes, and its text; nowhere, for what has only one place in a repository."""
    file, read = example(catalogue.load().root, policy, "bad")
    place = read[0].place(())[0]
    there = ".github/workflows/renamed.yml" if place.startswith(".github/workflows/") else f"moved/{place}"
    return place, there if KINDS[policy.reads].paths.search(there) else "", file.read_bytes()


@pytest.mark.parametrize("policy", [p for p in catalogue.load().policies if moved(p)[1]], ids=lambda policy: policy.id)
def test_a_moved_file_keeps_its_findings(policy: PolicySpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rego_wasm, "evaluator", lambda *_, **__: _compiled())
    place, there, text = moved(policy)
    commit(tmp_path / "shop", {place: text, **KEEP})
    commit(tmp_path / "shop", {there: text, **KEEP})
    result = gate(tmp_path / "shop", "HEAD~1", engines=("rego",))
    assert policy.id in {one.finding.policy for one in result.of(State.UNCHANGED)}
    assert {one.state for one in result.judged} == {State.UNCHANGED}
