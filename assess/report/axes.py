"""The axes beside the ladder as reports show them: each statement with how far its evidence goes, and where it lies."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from assess.model.assessment import Assessment
from assess.model.standing import Standing, State
from assess.report.evidence import Spot, spot
from assess.report.text import plain, sentence
from assess.report.words import STATES, count

SHOWN = 5
"""Places of one statement."""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One statement over every repository that it concerns. said: how far it is so, in words."""

    id: str
    text: str
    state: str
    said: str
    spots: tuple[Spot, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class AxisGroup:
    """The statements of one axis, in its order; those that concern no repository are left out."""

    name: str
    lines: tuple[StatementLine, ...]


def axis_groups(assessment: Assessment) -> tuple[AxisGroup, ...]:
    """The axes that say something of what was read."""
    told: dict[str, list[Standing]] = defaultdict(list)
    for standing in assessment.standings:
        if standing.state is not State.NOT_APPLICABLE:
            told[standing.statement].append(standing)
    groups: dict[str, list[StatementLine]] = defaultdict(list)
    for statement in assessment.statements:
        if standings := told.get(statement.id):
            groups[statement.axis].append(_line(assessment, statement.id, statement.text, standings))
    return tuple(AxisGroup(plain(name), tuple(lines)) for name, lines in groups.items())


def _line(assessment: Assessment, name: str, text: str, standings: list[Standing]) -> StatementLine:
    targets = {target.label: target for target in assessment.targets}
    states = Counter(standing.state for standing in standings)
    best = max(states, key=list(State).index)
    many = len(assessment.targets) > 1
    shown = [s for s in standings if s.state is best] if best is not State.UNKNOWN else standings
    within = "" if many else assessment.targets[0].label
    return StatementLine(
        id=plain(name), text=sentence(plain(text)), state=best.value, said=_said(states, len(standings)) if many else STATES[best],
        spots=tuple(spot(targets, at, within) for at in dict.fromkeys(at for s in shown for at in s.evidence))[:SHOWN],
        reason=next((sentence(plain(s.reason)) for s in standings if s.state is State.UNKNOWN and s.reason), ""),
    )  # fmt: skip


def _said(states: Counter[State], total: int) -> str:
    """`declared in 3, unknown in 1 of 5 repositories`, the furthest first."""
    if len(states) == 1:
        return f"{STATES[next(iter(states))]} in {'all ' if total > 1 else ''}{count(total, 'repository', 'repositories')}"
    parts = [f"{STATES[state]} in {states[state]:,}" for state in reversed(State) if states[state]]
    return f"{', '.join(parts)} of {count(total, 'repository', 'repositories')}"
