"""The terminal report: widths, colour only where it belongs, hostile text without effect."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from assess.model.assessment import Assessment
from assess.model.placement import Scope
from assess.report.terminal import render
from tests.unit.report.world import sample
from tests.unit.report.worlds import hostile, many


@pytest.fixture(autouse=True)
def _pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "COLUMNS", "NO_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("width", [80, 120, 200])
@pytest.mark.parametrize("world", [sample, hostile])
def test_no_line_is_wider_than_the_terminal(world: type[Assessment], width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert max(len(line) for line in render(world()).splitlines()) <= width


def test_plain_text_in_a_pipe() -> None:
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", render(sample()))


def test_colour_on_a_terminal_unless_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b[" in render(sample())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", render(sample()))


def test_hostile_text_has_no_effect() -> None:
    text = render(hostile())
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    flat = re.sub(r"\s+", " ", text)
    assert "\\x1b[31m" in flat
    assert "[bold]x[/bold]" in flat, "Rich markup in a name is shown, not obeyed"


def test_the_answer_comes_first_and_evidence_follows() -> None:
    lines = render(sample()).splitlines()
    assert lines[0].startswith("Acme")
    assert lines[1].startswith("Level 2 to 4: Infrastructure as code, possibly Packages and GitOps")
    assert "  • shop-infra:envs/prod/main.tf:1  L2" in lines
    assert "    Is the root applied by a pipeline? No" in lines


def test_a_single_repository_is_compact() -> None:
    base = sample()
    only = replace(
        base, targets=base.targets[:1], units=base.units[:2], flows=(), activity=(), standings=(), findings=(), attestations=(), exclusions=(),
        gaps=base.gaps[:1], facts=(),
        placements=tuple(p for p in base.placements if p.subject == "shop-infra" or p.scope is Scope.ORGANIZATION),
    )  # fmt: skip
    text = render(only)
    assert text.startswith("shop-infra")
    assert "Teams" not in text
    assert "Repositories" not in text
    assert len(text.splitlines()) < 40


def test_many_repositories_are_cut_and_counted() -> None:
    assert "… 60 more" in render(many(100))
