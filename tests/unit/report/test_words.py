"""The sentences of reports, and the cleaning of what others wrote."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assess.model.placement import Gate, Scope
from assess.model.target import Location, Source, Target
from assess.report.text import address, plain, sentence, web
from assess.report.view import view
from assess.report.words import count, gate_sentence, levels
from tests.unit.report.world import gate, sample


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        (gate(3, 4, 9, 11), "at least 9 of 11 units must reach level 3 (0.80); 4 certainly do, 9 may"),
        (gate(3, 1, 1, 11), "at least 9 of 11 units must reach level 3 (0.80); 1 does"),
        (gate(5, 0, 0, 3), "all 3 units must reach level 5 (0.80); none does"),
        (gate(2, 0, 2, 2), "both units must reach level 2 (0.80); none certainly does, 2 may"),
        (gate(2, 0, 1, 1), "its only unit must reach level 2 (0.80); it may"),
        (gate(5, 1, 1, 1), "its only unit must reach level 5 (0.80); it does"),
        (gate(4, 1_200, 1_200, 2_000), "at least 1,600 of 2,000 units must reach level 4 (0.80); 1,200 do"),
    ],
)
def test_gate_sentence(counted: Gate, said: str) -> None:
    assert gate_sentence(counted) == said


def test_small_words() -> None:
    assert count(1, "unit") == "1 unit"
    assert count(0, "unit") == "0 units"
    assert (levels(2, 2), levels(2, 3)) == ("L2", "L2–L3")
    assert (sentence("a gap"), sentence("Done."), sentence("")) == ("A gap.", "Done.", "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a\\x1b[31mb"), ("a\nb\tc", "a b c"), ("a\u202eb", "a\\u202eb"), ("a\u200bb", "a\\u200bb"),
        ("a\udcffb", "a\\udcffb"), ("x" * 500, "x" * 399 + "…"), ("naïve 名前", "naïve 名前"),
    ],
)  # fmt: skip
def test_plain(text: str, shown: str) -> None:
    assert plain(text) == shown
    assert plain(text).encode()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://github.com/a/b", "https://github.com/a/b"), ("javascript:alert(1)", ""), ("data:text/html,x", ""),
        ("https://user:secret@host/x", ""), ("https://a b", ""), ('https://a"b', ""), 
        ("https://a/(x)", "https://a/%28x%29"), ("", ""),
    ],
)  # fmt: skip
def test_web(given: str, kept: str) -> None:
    assert web(given) == kept


def test_an_address_needs_a_browser_and_has_an_end() -> None:
    target = Target(source=Source.GIT, label="a", commit="f" * 40, web="https://github.com/a/a")
    assert address(target, Location(target="a", path="x y.tf", line=2)) == f"https://github.com/a/a/blob/{'f' * 40}/x%20y.tf#L2"
    assert address(target, Location(target="a", path="x" * 3_000)) == ""
    assert address(replace(target, web=""), Location(target="a", path="x")) == ""
    assert address(None, Location(target="a")) == ""


def test_teams_decide_where_their_count_is_lower() -> None:
    base = sample()
    wide = tuple(
        replace(p, low=2, high=2, gate=gate(3, 9, 9, 10)) if p.scope is Scope.ORGANIZATION and p.robustness else p for p in base.placements
    )
    side = view(replace(base, placements=wide)).headline.declared
    assert side.gate == "every team counts once too: both teams must reach level 3 (0.80); 1 does"
    assert side.coverage is not None
    assert (side.coverage.noun, side.coverage.certain, side.coverage.needed) == ("team", 1, 2)
    assert side.teams_below == (("payments", "L2"),)
    assert side.also == "Counting units instead, at least 8 of 10 units must reach level 3 (0.80); 9 do."


def test_a_unit_says_which_rule_holds_it_down() -> None:
    lines = view(sample()).lines
    assert lines["shop-infra:envs/prod#terraform-root"].why == "Is the root applied by a pipeline? No"
    assert lines["shop-infra:envs/dev#terraform-root"].why.startswith(
        "Is the root applied by a pipeline? Unknown: shop-infra:ci/deploy.yml"
    )
    blocking = [claim.rule for claim in lines["shop-infra:envs/prod#terraform-root"].claims if claim.blocks]
    assert blocking == ["EXE-901"], "the next level is 3: packaging does not hold it down yet"


def test_clones_alone_say_what_would_confirm_the_rest() -> None:
    base = sample()
    clones = replace(base, targets=base.targets[:3])
    assert view(clones).confirm.startswith("Only clones were read")
    assert "aws:PROFILE" not in view(base).confirm
