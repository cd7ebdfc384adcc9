"""Regular expressions: none takes more than linear time, whatever the text; whoever adds one has it tried here."""

from __future__ import annotations

from functools import cache

import pytest

from tests.hostile.attacks import Pattern, attacks, patterns
from tests.hostile.budget import seconds

LENGTH = 10_000
MOST = 0.045
"""Seconds of processor time for a text of LENGTH: a linear expression takes a fiftieth of it, a quadratic one twice as much."""
SHARES = 4
TRIED = ("assess.collect", "assess.model", "assess.spec")
"""The parts of the product that read what others wrote."""


@cache
def every() -> list[Pattern]:
    """The expressions of these parts."""
    return [pattern for part in TRIED for pattern in patterns(part)]


def cost(pattern: Pattern, before: str, unit: str) -> float:
    """The least of three times that the expression takes for a text that leads it on and then disappoints it."""
    compiled = pattern.compiled()
    text: str | bytes = before + unit * (LENGTH // len(unit)) + "\0!"
    if isinstance(pattern.source, bytes):
        text = text.encode("latin-1", "replace")
    run = (lambda: compiled.match(text)) if pattern.anchored else (lambda: list(compiled.finditer(text)))
    least = seconds(run, 2 * MOST)
    return least if least < MOST else min(least, seconds(run, 2 * MOST), seconds(run, 2 * MOST))


@pytest.mark.parametrize("share", range(SHARES))
def test_every_expression_is_linear(share: int) -> None:
    slow = []
    for pattern in every()[share::SHARES]:
        for before, unit in attacks(pattern.source, pattern.flags):
            if (took := cost(pattern, before, unit)) >= MOST:
                slow.append(f"{pattern.where}: {pattern.source!r} takes {took:.3f} s for {before!r} and many times {unit!r}")
                break
    assert not slow, "give each repetition a bound, or make it possessive:\n" + "\n".join(slow)


def test_a_slow_expression_is_found() -> None:
    """The test above could pass because its texts lead nowhere."""
    for source in (r"(?:a|\w)+/", r"\s*;", r"x\s*\(?\s*y", r"\{\{.*?\}\}", r"(?:[\w.]+\.)*b$", r'"(?:[^"]|\\.)*"!', r"(?:x|\w\s?)+!"):
        pattern = Pattern("here", source, 0, anchored=False)
        assert any(cost(pattern, before, unit) >= MOST for before, unit in attacks(source)), source
