"""Organization, teams, repositories, clusters and accounts as reports show them: both readings side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assess.model.assessment import Assessment
from assess.model.fact import Repository
from assess.model.outcome import Reading
from assess.model.placement import Counterexample, Placement, Scope
from assess.model.target import Source, Target
from assess.report.evidence import Span, Spot, UnitLine, spot
from assess.report.text import plain, sentence, web
from assess.report.words import gate_sentence, ladder, levels, needed, team_gate


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The counting that decides: units or teams that reach `level` for certain and possibly, and how many must."""

    noun: str

    level: int
    certain: int
    possible: int
    total: int
    needed: int
    threshold: float


@dataclass(frozen=True, slots=True)
class Against:
    """A counterexample: a unit that does not reach the level, where it lies and why."""

    unit: UnitLine | None
    spot: Spot
    span: Span
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One reading of a subject."""

    reading: str
    span: Span
    gate: str
    coverage: Coverage | None
    also: str
    """Where teams decide: what the units say."""
    histogram: tuple[int, ...]
    against: tuple[Against, ...]
    settle: tuple[str, ...]
    raises: tuple[str, ...]
    """The smallest set of units that lifts it, by name."""
    teams_below: tuple[tuple[str, str], ...]
    """Where the count of teams decides: those that do not reach the level for certain, with where they stand."""
    robustness: str
    """Where it stands at other thresholds, as a sentence; empty where teams decide, for it counts units."""
    inversion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Something that is placed, or that says why it is not."""

    anchor: str
    name: str
    scope: str
    href: str
    read: bool
    units: int
    declared: Side
    confirmed: Side
    next_step: str
    commit: str
    last_commit: str
    purpose: str
    tools: tuple[tuple[str, int], ...]
    owners: tuple[str, ...]
    lines: tuple[UnitLine, ...]

    @property
    def unread_because(self) -> str:
        """Why it could not be read, without its own name."""
        return " ".join(text.removeprefix(f"{self.name}: ") for text in self.declared.settle)

    @property
    def placed(self) -> bool:
        """It has an interval (which may be the whole ladder)."""
        return not self.declared.span.without


def subjects(assessment: Assessment, lines: Mapping[str, UnitLine]) -> tuple[Subject, ...]:
    """Every subject once, in the order of the run: targets, teams, the organization."""
    confirmed = {(p.scope, p.subject): p for p in assessment.placements if p.reading is Reading.CONFIRMED}
    maker = _Maker(assessment, lines)
    declared = [p for p in assessment.placements if p.reading is Reading.DECLARED]
    return tuple(
        maker.subject(f"s{number}", placement, confirmed.get((placement.scope, placement.subject), placement))
        for number, placement in enumerate(declared, 1)
    )


class _Maker:
    """What every subject needs of the assessment, looked up once."""

    def __init__(self, assessment: Assessment, lines: Mapping[str, UnitLine]) -> None:
        self.assessment, self.lines = assessment, lines
        self.targets: dict[str, Target] = {target.label: target for target in assessment.targets}
        self.repositories = {f.at.target: f for f in assessment.facts if isinstance(f, Repository)}
        self.by_target: dict[str, list[UnitLine]] = {}
        self.by_owner: dict[str, list[UnitLine]] = {}
        for place in assessment.units:
            self.by_target.setdefault(place.target, []).append(lines[place.unit])
            if place.owner:
                self.by_owner.setdefault(place.owner, []).append(lines[place.unit])

    def subject(self, anchor: str, declared: Placement, confirmed: Placement) -> Subject:
        target = self.targets.get(declared.subject) if declared.scope not in (Scope.TEAM, Scope.ORGANIZATION) else None
        fact = self.repositories.get(declared.subject) if target else None
        own = self._own(declared)
        tools = self.assessment.tools.get(declared.subject, {}) if target else {}
        return Subject(
            anchor=anchor, name=plain(declared.subject), scope=declared.scope.value, href=web(target.web) if target else "",
            read=target.read if target else True, units=declared.units, declared=self.side(declared),
            confirmed=self.side(confirmed), next_step=next_step(declared), commit=target.commit[:12] if target else "",
            last_commit=plain(fact.last_commit) if fact else "",
            purpose=plain(fact.purpose) if fact else "", owners=tuple(dict.fromkeys(line.owner for line in own if line.owner)),
            tools=tuple((plain(tool), number) for tool, number in sorted(tools.items(), key=lambda item: (-item[1], item[0]))),
            lines=tuple(sorted(own, key=lambda line: (line.declared.low, line.declared.high, line.id))),
        )  # fmt: skip

    def _own(self, placement: Placement) -> Sequence[UnitLine]:
        if placement.scope is Scope.TEAM:
            return self.by_owner.get(placement.subject, ())
        return () if placement.scope is Scope.ORGANIZATION else self.by_target.get(placement.subject, ())

    def side(self, placement: Placement) -> Side:
        teams = self.assessment.of_scope(Scope.TEAM, placement.reading) if placement.scope is Scope.ORGANIZATION else ()
        by_team = team_gate(placement, teams)
        gate, noun = (by_team, "team") if by_team else (placement.gate, "unit")
        below = [team for team in teams if by_team and team.low < by_team.level]
        return Side(
            reading=placement.reading.value, span=Span(placement.low, placement.high, plain(placement.not_applicable)),
            gate=("every team counts once too: " if by_team else "") + gate_sentence(gate, noun), histogram=placement.histogram,
            coverage=None if gate is None else Coverage(
                noun=noun, level=gate.level, certain=gate.certain, possible=gate.possible, total=gate.total,
                needed=needed(gate), threshold=gate.threshold,
            ),
            also=f"Counting units instead, {gate_sentence(placement.gate)}." if by_team else "",
            teams_below=tuple((plain(team.subject), levels(team.low, team.high)) for team in below),
            against=tuple(self._against(example, placement) for example in placement.counterexamples),
            settle=tuple(plain(text) for text in placement.settle),
            raises=tuple(plain(unit) for unit in placement.raise_units),
            robustness="" if by_team else _robust(placement),
            inversion=plain(placement.inversion),
        )  # fmt: skip

    def _against(self, example: Counterexample, placement: Placement) -> Against:
        line = self.lines.get(example.unit)
        within = "" if placement.scope in (Scope.TEAM, Scope.ORGANIZATION) else placement.subject
        why = line.why if line and placement.reading is Reading.DECLARED else ""
        return Against(line, spot(self.targets, example.at, within), Span(*example.levels), why or plain(example.why))


def _robust(placement: Placement) -> str:
    found = {plain(tau): Span(*span).words for tau, span in sorted(placement.robustness.items())}
    if len(set(found.values())) == 1:
        return f"{next(iter(found.values()))} at every threshold from {min(found)} to {max(found)}."
    return ", ".join(f"{words} at τ {tau}" for tau, words in found.items()) + "." if found else ""


def next_step(placement: Placement) -> str:
    """What lifts a subject by one level, in the ladder's words."""
    if placement.not_applicable or (placement.low, placement.high) == (0, 5):
        return ""
    return ladder().levels[placement.low].next_step


def confirm_hint(targets: Sequence[Target]) -> str:
    """What would confirm what the trees declare; empty where every kind of source was read."""
    missing = {
        Source.KUBERNETES: "a cluster (kubernetes:CONTEXT) would show what is live and who wrote it",
        Source.AWS: "an account (aws:PROFILE) would show who changed what, and through which channel",
    }
    seen = {target.source for target in targets if target.read}
    wanted = [text for source, text in missing.items() if source not in seen]
    if not wanted:
        return ""
    head = "Only clones were read, and a clone confirms little. " if seen <= {Source.GIT, Source.FORGE} else ""
    return head + sentence(" and ".join(wanted))
