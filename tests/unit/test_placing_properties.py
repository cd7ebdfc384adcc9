"""The properties that DESIGN section 5 promises, over generated estates whose truth is known."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.collect.link.estate import link
from assess.collect.seen import Seen
from assess.content import load
from assess.judge import World, judge
from assess.model.fact import Command, Fact, GitOpsSource, Procedure, TerraformRoot, Trigger
from assess.model.gap import Gap, GapReason
from assess.model.outcome import Reading
from assess.model.placement import Scope, UnitPlace
from assess.model.target import Location, Source, Target
from assess.model.unit import ANSWERS, Question, interval, level_of
from assess.place import place, place_units, quantile

CONTENT = load()
TRUTHS = st.fixed_dictionaries({question: st.sampled_from(sorted(answers)) for question, answers in ANSWERS.items()})
TAUS = st.sampled_from([0.6, 0.7, 0.8, 0.9, 1.0])
INTERVALS = st.tuples(st.integers(0, 5), st.integers(0, 5)).map(lambda pair: (min(pair), max(pair)))


@st.composite
def partly_known(draw: st.DrawFn) -> tuple[int, dict[Question, frozenset[str]]]:
    """The true level of a unit, and what somebody who knows only a part of it still holds possible."""
    truth = draw(TRUTHS)
    possible = {
        question: frozenset({truth[question]}) | draw(st.frozensets(st.sampled_from(sorted(ANSWERS[question])))) for question in Question
    }
    return level_of(*(truth[question] for question in Question)), possible


@given(partly_known())
def test_a_units_interval_contains_its_true_level(unit: tuple[int, dict[Question, frozenset[str]]]) -> None:
    level, possible = unit
    low, high = interval(possible)
    assert low <= level <= high


@given(partly_known(), st.sampled_from(list(Question)), st.data())
def test_evidence_never_widens_a_unit(unit: tuple[int, dict[Question, frozenset[str]]], question: Question, data: st.DataObject) -> None:
    _, possible = unit
    kept = data.draw(st.frozensets(st.sampled_from(sorted(possible[question])), min_size=1))
    low, high = interval(possible)
    narrower = interval({**possible, question: kept})
    assert low <= narrower[0] <= narrower[1] <= high


@given(st.lists(partly_known(), min_size=1, max_size=30), TAUS)
def test_a_subjects_interval_contains_its_true_level(units: list[tuple[int, dict[Question, frozenset[str]]]], tau: float) -> None:
    true = quantile([(level, level) for level, _ in units], tau)[0]
    low, high = quantile([interval(possible) for _, possible in units], tau)
    assert low <= true <= high


@given(st.lists(INTERVALS, min_size=1, max_size=30), TAUS, st.randoms(use_true_random=False))
def test_order_does_not_matter(levels: list[tuple[int, int]], tau: float, shuffler: random.Random) -> None:
    shuffled = list(levels)
    shuffler.shuffle(shuffled)
    assert quantile(levels, tau) == quantile(shuffled, tau)


@given(st.lists(INTERVALS, min_size=10, max_size=40))
def test_one_perfect_pilot_lifts_nobody_by_more_than_a_level(levels: list[tuple[int, int]]) -> None:
    worse = [(min(low, 2), min(high, 2)) for low, high in levels]
    assert quantile([*worse, (5, 5)], 0.8)[1] <= 2


@given(st.lists(INTERVALS, min_size=1, max_size=30), st.integers(0, 29), TAUS)
def test_a_better_unit_never_lowers(levels: list[tuple[int, int]], which: int, tau: float) -> None:
    index = which % len(levels)
    low, high = levels[index]
    better = [*levels[:index], (min(5, low + 1), min(5, high + 1)), *levels[index + 1 :]]
    before, after = quantile(levels, tau), quantile(better, tau)
    assert after[0] >= before[0]
    assert after[1] >= before[1]


def test_an_empty_set_has_no_level() -> None:
    with pytest.raises(ValueError, match="nothing to place"):
        quantile([], 0.8)


# --- through the shipped rules ---------------------------------------------------------------------------------------


@st.composite
def estates(draw: st.DrawFn) -> list[tuple[int, list[Fact]]]:
    """Terraform roots of one repository, each with its true level and the facts that a full read of it gives."""
    return [_root(number, draw(st.booleans()), draw(st.booleans()), draw(st.booleans())) for number in range(draw(st.integers(1, 8)))]


def _root(number: int, piped: bool, packaged: bool, watched: bool) -> tuple[int, list[Fact]]:
    path, facts = f"infra/{number}", []
    facts.append(
        TerraformRoot(
            at=_at(f"{path}/main.tf"), tool="terraform", path=path, backend="s3", resources=1, resource_types=("aws_s3_bucket",),
            modules_pinned=2 if packaged else 0, modules_local=0 if packaged else 2,
        )
    )  # fmt: skip
    if piped:
        facts.append(_job(f"apply-{number}", "apply", path, "push"))
    if watched:
        facts.append(_job(f"drift-{number}", "drift", path, "schedule"))
    level = level_of("declarative", "pipeline" if piped else "cli", "yes" if packaged else "no", "yes" if watched else "no", "platform")
    return level, facts


def _at(path: str, line: int = 1) -> Location:
    return Location(target="shop", path=path, line=line)


def _job(name: str, does: str, path: str, event: str) -> Procedure:
    command = Command(does=does, tool="terraform", path=path, line=9, text=f"terraform {does}")
    file = f".github/workflows/{name}.yml"
    return Procedure(
        at=_at(file), tool="github-actions", name=f"{file}#{name}", form="job", commands=(command,), trigger=Trigger(events=(event,))
    )


def placed(facts: list[Fact], gaps: tuple[Gap, ...] = ()) -> list[UnitPlace]:
    estate = link([Seen(Target(source=Source.GIT, label="shop"), tuple(facts), gaps)])
    outcomes = judge(estate.units, World.of(estate.facts, estate.gaps), CONTENT.rules)
    return place_units(estate.units, outcomes, {})


BLIND = Gap(at=_at(".github/workflows/x.yml"), reason=GapReason.PARSE_ERROR, what="not YAML", blinds=("PipelineJob",))


@settings(max_examples=60, deadline=None)
@given(estates())
def test_a_full_read_finds_the_true_level(estate: list[tuple[int, list[Fact]]]) -> None:
    places = {p.path: p.declared for p in placed([fact for _, facts in estate for fact in facts])}
    assert places == {f"infra/{n}": (level, level) for n, (level, _) in enumerate(estate)}


@settings(max_examples=60, deadline=None)
@given(estates(), st.data())
def test_what_is_hidden_widens_and_never_raises(estate: list[tuple[int, list[Fact]]], data: st.DataObject) -> None:
    """Losing sight of some jobs, with the gap that says so, keeps the truth inside and raises no low end."""
    facts = [fact for _, own in estate for fact in own]
    jobs = [fact for fact in facts if isinstance(fact, Procedure)]
    hidden = data.draw(st.sets(st.sampled_from(range(len(jobs))))) if jobs else set()
    seen = [fact for fact in facts if fact not in [jobs[i] for i in hidden]]
    full = {p.path: p.declared for p in placed(facts)}
    partial = {p.path: p.declared for p in placed(seen, (BLIND,))}
    for number, (level, _) in enumerate(estate):
        low, high = partial[f"infra/{number}"]
        assert low <= level <= high
        assert low <= full[f"infra/{number}"][0]


@settings(max_examples=30, deadline=None)
@given(estates(), st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(estate: list[tuple[int, list[Fact]]], shuffler: random.Random) -> None:
    facts = [fact for _, own in estate for fact in own]
    shuffled = list(facts)
    shuffler.shuffle(shuffled)
    by_unit = {p.unit: p for p in placed(facts)}
    for unit in placed(shuffled):
        assert replace(unit, at=by_unit[unit.unit].at) == by_unit[unit.unit]


def test_a_clone_alone_confirms_nothing() -> None:
    _, facts = _root(0, True, True, True)
    (unit,) = placed(facts)
    assert unit.declared == (4, 4)
    assert unit.confirmed == (0, 5)


def test_what_a_controller_says_live_narrows_the_confirmed_reading() -> None:
    live = GitOpsSource(
        at=Location(target="prod", path="argocd/Application/shop", uid="u"), tool="argocd", assurance="effective", path="argocd",
        object_kind="Application", name="shop", automated=True, self_heal=True, source="", delivers=("apps/shop",), in_sync=True,
    )  # fmt: skip
    seen = Seen(Target(source=Source.KUBERNETES, label="prod"), (live,))
    estate = link([seen])
    outcomes = judge(estate.units, World.of(estate.facts, ()), CONTENT.rules)
    (unit,) = place_units(estate.units, outcomes, {})
    assert unit.confirmed[0] >= 3


def test_portal_over_scripts_is_an_inversion_not_a_level() -> None:
    units = [_place("portal", (5, 5)), *(_place("scripts", (1, 1), n) for n in range(9))]
    (organization,) = [
        p
        for p in place([], units, [], [], tau=0.8, organization="acme", wishes={}, reasons={})
        if p.scope is Scope.ORGANIZATION and p.reading is Reading.DECLARED
    ]
    assert (organization.low, organization.high) == (1, 1)
    assert "9 of 9 units at level 2 or lower" in organization.inversion


def _place(kind: str, levels: tuple[int, int], number: int = 0) -> UnitPlace:
    path = f"{kind}/{number}"
    return UnitPlace(
        unit=f"shop:{path}#{kind}", kind=kind, target="shop", path=path, at=_at(path), declared=levels, confirmed=(0, 5), answers={}
    )
