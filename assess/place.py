"""Outcomes × ladder → placements: each unit, repository, team and the organization as an interval. Pure.

The counting is DESIGN section 5: a subject stands at the highest level that at least τ of its units reach, counted
once with the unknown against and once with the unknown for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from assess.judge import answers
from assess.model.gap import Gap
from assess.model.outcome import Outcome, Reading, Result
from assess.model.placement import Counterexample, Gate, Placement, Scope, UnitPlace
from assess.model.target import Source, Target
from assess.model.unit import Question, Unit, interval

_EPSILON = 1e-9
_SCOPES = {Source.GIT: Scope.REPOSITORY, Source.KUBERNETES: Scope.CLUSTER, Source.AWS: Scope.ACCOUNT}
Levels = tuple[int, int]


def quantile(levels: Sequence[Levels], tau: float) -> Levels:
    """The interval of a set of intervals: the highest level that at least τ of them reach, for certain and possibly.

    Errors: ValueError for an empty set, which has no level.
    """
    if not levels:
        raise ValueError("nothing to place")
    need = ceil(tau * len(levels) - _EPSILON)
    low = sorted((low for low, _ in levels), reverse=True)[need - 1]
    high = sorted((high for _, high in levels), reverse=True)[need - 1]
    return low, high


def place_units(
    units: Iterable[Unit], outcomes: Iterable[Outcome], owners: Mapping[str, str], environments: Mapping[str, str] | None = None
) -> list[UnitPlace]:
    """Every unit on the ladder, in both readings. owners, environments: the team and environment of a unit id."""
    by_unit: dict[tuple[str, Reading], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_unit[(outcome.unit, outcome.reading)].append(outcome)
    places = []
    for unit in units:
        declared = answers(by_unit[(unit.id, Reading.DECLARED)])
        confirmed = answers(by_unit[(unit.id, Reading.CONFIRMED)])
        places.append(
            UnitPlace(
                unit=unit.id, kind=unit.kind, target=unit.target, path=unit.path, at=unit.at, declared=interval(declared),
                confirmed=interval(confirmed), owner=owners.get(unit.id, ""),
                environment=(environments or {}).get(unit.id, ""),
                answers={question.value: tuple(sorted(declared[question])) for question in Question},
            )
        )  # fmt: skip
    return places


@dataclass(frozen=True, slots=True)
class Context:
    """What every placement of a run needs beside its own units."""

    tau: float
    outcomes: Mapping[str, Sequence[Outcome]]
    gaps: Mapping[str, Sequence[tuple[int, Gap]]]
    """By target, each with its place among all."""
    wishes: Mapping[str, str]
    """The question of each rule, by id."""


def place(
    targets: Sequence[Target], places: Sequence[UnitPlace], outcomes: Sequence[Outcome], gaps: Sequence[Gap],
    *, tau: float, organization: str, wishes: Mapping[str, str], reasons: Mapping[str, str],
) -> list[Placement]:  # fmt: skip
    """The placements of every target, team and the organization, in both readings.

    reasons: why a target without units is not applicable, by label.
    """
    by_unit: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_unit[outcome.unit].append(outcome)
    gaps_of: dict[str, list[tuple[int, Gap]]] = defaultdict(list)
    for order, gap in enumerate(gaps):
        gaps_of[gap.at.target].append((order, gap))
    by_target, by_team = _grouped(places, "target"), _grouped(places, "owner")
    context = Context(tau, by_unit, gaps_of, wishes)
    hidden = hides_units(gaps) - {p.target for p in places} - reasons.keys()
    targets = [replace(target, read=target.read and target.label not in hidden) for target in targets]
    found: list[Placement] = []
    for reading in Reading:
        for target in targets:
            if target.source is Source.FORGE:  # a list of repositories: each of them is placed
                continue
            own = by_target.get(target.label, [])
            why = "" if own else reasons.get(target.label, "")
            found.append(_subject(target.label, _SCOPES[target.source], reading, own, context, why, target.read))
        found += [_subject(team, Scope.TEAM, reading, own, context) for team, own in sorted(by_team.items()) if team]
        found.append(_organization(organization, reading, places, targets, [p for p in found if p.reading is reading], context))
    return found


def _grouped(places: Iterable[UnitPlace], field: str) -> dict[str, list[UnitPlace]]:
    found: dict[str, list[UnitPlace]] = defaultdict(list)
    for place in places:
        found[getattr(place, field)].append(place)
    return found


_MAKE_UNITS = {
    "TerraformRoot", "TerraformModule", "Definition", "Manifest", "Kustomization", "HelmRelease", "HelmChart", "GitOpsSource",
    "CustomApi", "ApiRequest", "Portal", "SoftwareTemplate", "Script",
}  # fmt: skip


def hides_units(gaps: Iterable[Gap]) -> set[str]:
    """The targets of which something was not seen that may be a unit: without any other unit they are unknown, not empty."""
    return {gap.at.target for gap in gaps if _MAKE_UNITS & set(gap.blinds)}


def _levels(place: UnitPlace, reading: Reading) -> Levels:
    return place.declared if reading is Reading.DECLARED else place.confirmed


def _subject(
    name: str, scope: Scope, reading: Reading, places: Sequence[UnitPlace], context: Context, why: str = "", read: bool = True
) -> Placement:
    if not places:
        if why or (read and scope is not Scope.ACCOUNT):
            return Placement(subject=name, scope=scope, reading=reading, not_applicable=why or "nothing here is operated or published")
        return Placement(subject=name, scope=scope, reading=reading, settle=_settle(name, (), context))
    levels = [_levels(place, reading) for place in places]
    low, high = (0, 5) if scope is Scope.CLUSTER and _hides({name}, context) else quantile(levels, context.tau)
    return Placement(
        subject=name, scope=scope, reading=reading, low=low, high=high, units=len(places), gate=_gate(levels, low, context.tau),
        histogram=_histogram(levels), counterexamples=_counterexamples(places, low, reading, context),
        settle=_settle(name, places, context) if low < high else (), raise_units=_raise(places, low, reading, context.tau, len(levels)),
        robustness={f"{tau:g}": quantile(levels, tau) for tau in (0.7, context.tau, 0.9)}, inversion=_inversion(places, reading),
    )  # fmt: skip


def _organization(
    name: str, reading: Reading, places: Sequence[UnitPlace], targets: Sequence[Target], placed: Sequence[Placement], context: Context
) -> Placement:
    """The lower of two counts: every unit once, every team once. A target that could not be read is one unknown unit."""
    unread = [(0, 5) for target in targets if not target.read]
    levels = [*(_levels(place, reading) for place in places), *unread]
    if not levels and all(p.not_applicable for p in placed):
        return Placement(subject=name, scope=Scope.ORGANIZATION, reading=reading, not_applicable="nothing here is operated or published")
    if not levels:
        return Placement(subject=name, scope=Scope.ORGANIZATION, reading=reading, settle=_settle_all(targets, context))
    lists = {target.label for target in targets if target.source in (Source.KUBERNETES, Source.FORGE)}
    teams = [(p.low, p.high) for p in placed if p.scope is Scope.TEAM]
    low, high = (0, 5) if _hides(lists, context) else _lower(levels, teams, context.tau)
    return Placement(
        subject=name, scope=Scope.ORGANIZATION, reading=reading, low=low, high=high, units=len(levels),
        gate=_gate(levels, low, context.tau), histogram=_histogram(levels),
        counterexamples=_counterexamples(places, low, reading, context), settle=_settle_lists(name, places, targets, context) if low < high else (),
        raise_units=_raise_teams(placed, low, context.tau) or _raise(places, low, reading, context.tau, len(levels)),
        inversion=_inversion(places, reading),
        robustness={f"{tau:g}": _lower(levels, teams, tau) for tau in (0.7, context.tau, 0.9)},
    )  # fmt: skip


def _lower(levels: Sequence[Levels], teams: Sequence[Levels], tau: float) -> Levels:
    """The lower of two counts: every unit once, and every team once."""
    counts = [quantile(levels, tau), *([quantile(teams, tau)] if teams else [])]
    return min(low for low, _ in counts), min(high for _, high in counts)


def _hides(lists: set[str], context: Context) -> bool:
    """Whether a list that a cluster or forge cut short hides units, of which nobody knows how many: then any level is possible."""
    return any(gap.blinds for label in lists for _, gap in context.gaps.get(label, ()))


def _gate(levels: Sequence[Levels], low: int, tau: float) -> Gate:
    """The coverage of the level above the one that is certain (of level 5, where nothing is above)."""
    level = min(low + 1, 5)
    return Gate(
        level=level, certain=sum(lo >= level for lo, _ in levels), possible=sum(hi >= level for _, hi in levels),
        total=len(levels), threshold=tau,
    )  # fmt: skip


def _histogram(levels: Iterable[Levels]) -> tuple[int, ...]:
    counts = [0] * 7
    for low, high in levels:
        counts[low if low == high else 6] += 1
    return tuple(counts)


def _counterexamples(places: Sequence[UnitPlace], low: int, reading: Reading, context: Context) -> tuple[Counterexample, ...]:
    level = low + 1
    below = sorted((p for p in places if _levels(p, reading)[0] < level), key=lambda p: (_levels(p, reading)[::-1], p.unit))
    return tuple(
        Counterexample(unit=p.unit, at=p.at, levels=_levels(p, reading), why=why_not(p, level, reading, context)) for p in below[:3]
    )


def why_not(place: UnitPlace, level: int, reading: Reading, context: Context) -> str:
    """The first rule that keeps a unit below a level, as a sentence; empty where none does."""
    outcomes = [o for o in context.outcomes.get(place.unit, ()) if o.reading is reading and o.result in _NOT_MET]
    for question in _BLOCKING[min(level, 5)]:
        if reading is Reading.DECLARED and set(place.answers.get(question, ())) <= _GOOD[question]:
            continue
        for outcome in outcomes:
            if outcome.question is question:
                verb = "unmet" if outcome.result is Result.UNMET else "unknown"
                return f"{outcome.rule} {context.wishes.get(outcome.rule, '')}: {verb}{', ' + outcome.reason if outcome.reason else ''}"
    return ""


_NOT_MET = (Result.UNMET, Result.UNKNOWN, Result.ERROR)
_BLOCKING: dict[int, tuple[Question, ...]] = {
    1: (Question.DEFINITION,), 2: (Question.DEFINITION,), 3: (Question.DEFINITION, Question.EXECUTOR),
    4: (Question.DEFINITION, Question.EXECUTOR, Question.PACKAGED, Question.RECONCILED),
    5: (Question.DEFINITION, Question.EXECUTOR, Question.PACKAGED, Question.RECONCILED, Question.REQUESTER),
}  # fmt: skip
_GOOD: dict[Question, set[str]] = {
    Question.DEFINITION: {"declarative"}, Question.EXECUTOR: {"pipeline", "controller"}, Question.PACKAGED: {"yes", "n/a"},
    Question.RECONCILED: {"yes", "n/a"}, Question.REQUESTER: {"consumer"},
}  # fmt: skip


def _settle_all(targets: Sequence[Target], context: Context) -> tuple[str, ...]:
    return tuple(line for target in targets for line in _settle(target.label, (), context))[:5]


def _settle_lists(name: str, places: Sequence[UnitPlace], targets: Sequence[Target], context: Context) -> tuple[str, ...]:
    """What settles an organization: first what completes the lists of its repositories."""
    lists = [target for target in targets if target.source is Source.FORGE and _hides({target.label}, context)]
    return (*_settle_all(lists, context), *_settle(name, places, context))[:5]


def _settle(subject: str, places: Sequence[UnitPlace], context: Context) -> tuple[str, ...]:
    """What would make the interval narrower: gaps of the subject's targets, those that hide facts first; at most five."""
    targets = {p.target for p in places} | {subject}
    found = sorted((one for label in targets for one in context.gaps.get(label, ())), key=lambda one: one[0])
    gaps = [gap for _, gap in found if gap.blinds or not places]
    return tuple(dict.fromkeys(f"{gap.at}: {gap.what}{'. ' + gap.settle if gap.settle else ''}" for gap in gaps))[:5]


def _raise(places: Sequence[UnitPlace], low: int, reading: Reading, tau: float, total: int) -> tuple[str, ...]:
    """The fewest units that have to reach the next level, nearest first; empty at the top."""
    if low >= 5:
        return ()
    below = sorted((p for p in places if _levels(p, reading)[0] <= low), key=lambda p: (-_levels(p, reading)[0], p.unit))
    missing = ceil(tau * total - _EPSILON) - (len(places) - len(below))
    return tuple(p.unit for p in below[: max(0, missing)])


def _raise_teams(placed: Sequence[Placement], low: int, tau: float) -> tuple[str, ...]:
    """The units that lift the teams still missing, those with the fewest to move first; empty where teams do not decide."""
    teams = [p for p in placed if p.scope is Scope.TEAM]
    below = sorted((p for p in teams if p.low <= low), key=lambda p: (len(p.raise_units), p.subject))
    missing = ceil(tau * len(teams) - _EPSILON) - (len(teams) - len(below))
    return tuple(dict.fromkeys(unit for team in below[: max(0, missing)] for unit in team.raise_units)) if low < 5 else ()


_FRONTS = ("portal", "templates", "request", "platform-api")


def _inversion(places: Sequence[UnitPlace], reading: Reading) -> str:
    fronts = [p for p in places if p.kind in _FRONTS]
    rest = [p for p in places if p.kind not in _FRONTS]
    behind = [p for p in rest if _levels(p, reading)[1] <= 2]
    if not fronts or not behind or len(behind) * 2 < len(rest):
        return ""
    return f"{fronts[0].kind} at {fronts[0].path} stands in front of {len(behind)} of {len(rest)} units at level 2 or lower"
