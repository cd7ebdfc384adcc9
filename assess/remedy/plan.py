"""Assessment and facts → the cheapest set of scaffolds that raises a repository one level. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from assess.model.assessment import Assessment
from assess.model.fact import Fact
from assess.model.outcome import Outcome, Reading, Result
from assess.model.placement import Placement, UnitPlace
from assess.model.target import Location, Target
from assess.model.unit import Unit
from assess.remedy.evidence import Evidence, Tree
from assess.remedy.fill import Filled, Stopped, fill, forge
from assess.remedy.library import Library, Loaded
from assess.remedy.terraform import slug
from assess.spec.condition import Unknown
from assess.spec.scaffold import ActionPin, Predicate, ToolPin

Answers = Mapping[str, Mapping[str, Any]]
"""What a person wrote into `.idp/params.yaml`: node, or scaffold for all of its nodes -> parameter -> value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """Why a scaffold cannot be rendered for a unit yet, and what comes first."""

    unit: str
    path: str
    scaffold: str
    what: str
    at: tuple[Location, ...] = ()
    param: str = ""
    """The parameter to answer in `.idp/params.yaml`, where an answer is all that is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One scaffold for one unit.

    node: `scaffold@path`, how `--node` and `.idp/params.yaml` name it. needed: it counts for the subject's next level.
    """

    node: str
    scaffold: str
    version: int
    title: str
    unit: str
    path: str
    slug: str
    kind: str
    forge: str
    levels: tuple[int, int]
    to: int
    fixes: tuple[str, ...]
    findings: tuple[Location, ...]
    params: tuple[Filled, ...]
    adopts: tuple[str, ...] = ()
    cost: int = 1
    risk: tuple[str, ...] = ()
    needed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What raises one repository from its level to the next.

    short: how many more units would have to move than the steps do; 0 where the plan is enough.
    uncovered: units below the next level that no scaffold speaks to.
    """

    subject: str
    levels: tuple[int, int]
    to: int
    units: int
    steps: tuple[Step, ...] = ()
    further: tuple[Step, ...] = ()
    blocked: tuple[Blocker, ...] = ()
    uncovered: tuple[str, ...] = ()
    short: int = 0
    note: str = ""
    stale: tuple[str, ...] = ()
    """Pins that are past their date of review."""

    @property
    def all_steps(self) -> tuple[Step, ...]:
        """The steps that count for the level, then the others that could be taken."""
        return (*self.steps, *self.further)


@dataclass(frozen=True)
class World:
    """What a plan is made from beside the assessment. facts: of one repository."""

    target: Target
    units: Sequence[Unit]
    facts: Sequence[Fact]
    tree: Tree
    answers: Answers = field(default_factory=dict)


def plan(assessment: Assessment, world: World, library: Library, today: date) -> Plan:
    """The plan for one repository in its declared reading: of the steps that can be taken, the cheapest that suffice."""
    label = world.target.label
    placement = assessment.placement(label)
    if placement is None or placement.not_applicable:
        why = placement.not_applicable if placement else "it was not placed"
        return Plan(subject=label, levels=(0, 0), to=0, units=0, note=f"Nothing to raise: {why}.")
    to = min(placement.low + 1, 5)
    steps, blocked, spoken = _candidates(assessment, world, library)
    steps.sort(key=lambda step: (step.cost, step.unit))
    below = [p for p in assessment.units if p.target == label and p.declared[0] < to]
    counting = [s for s in steps if s.to >= to and any(p.unit == s.unit for p in below)]
    missing = _missing(placement, to)
    taken = {step.node for step in counting[:missing]}
    return Plan(
        subject=label, levels=(placement.low, placement.high), to=to, units=placement.units,
        steps=tuple(s for s in steps if s.node in taken), further=tuple(_aside(s) for s in steps if s.node not in taken),
        blocked=tuple(blocked), uncovered=tuple(p.unit for p in below if p.unit not in spoken),
        short=max(0, missing - len(taken)), note="It stands at the top already." if placement.low >= 5 else "",
        stale=_stale(library, today),
    )  # fmt: skip


def _missing(placement: Placement, to: int) -> int:
    """How many more units have to reach the next level for the threshold."""
    return len(placement.raise_units) if placement.low < to else 0


def _candidates(assessment: Assessment, world: World, library: Library) -> tuple[list[Step], list[Blocker], set[str]]:
    """The steps that can be taken, those that cannot with the reason, and the units that either is about."""
    places = {p.unit: p for p in assessment.units}
    steps: list[Step] = []
    blocked: list[Blocker] = []
    spoken: set[str] = set()
    declared: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in assessment.outcomes:
        if outcome.reading is Reading.DECLARED:
            declared[outcome.unit].append(outcome)
    names = _slugs([u for u in world.units if u.target == world.target.label])
    for unit in world.units:
        for loaded in library.scaffolds.values():
            place = places.get(unit.id)
            own = [o for o in declared.get(unit.id, ()) if o.rule in loaded.spec.fixes]
            if place is None or unit.target != world.target.label or not _speaks(loaded, unit, place, own):
                continue
            spoken.add(unit.id)
            made = _step(loaded, unit, place, own, world, library, names[unit.id])
            (steps if isinstance(made, Step) else blocked).append(made)  # type: ignore[arg-type]
    return steps, blocked, spoken


def _speaks(loaded: Loaded, unit: Unit, place: UnitPlace, outcomes: Sequence[Outcome]) -> bool:
    """Whether a scaffold is about a unit: its kind, its level, and a finding that it fixes."""
    spec = loaded.spec
    return (
        unit.kind in spec.units
        and spec.raises.low <= place.declared[0] < spec.raises.high
        and any(o.result in (Result.UNMET, Result.UNKNOWN) for o in outcomes)
        and not any(holds(provided, unit, ()) for provided in spec.provides)
    )


def _step(
    loaded: Loaded, unit: Unit, place: UnitPlace, outcomes: Sequence[Outcome], world: World, library: Library, name: str
) -> Step | Blocker:
    spec = loaded.spec
    node = f"{spec.id}@{unit.path}"
    answers = {**world.answers.get(spec.id, {}), **world.answers.get(node, {})}

    def stop(what: str, at: Sequence[Location] = (), param: str = "") -> Blocker:
        return Blocker(unit=unit.id, path=unit.path, scaffold=spec.id, what=what, at=tuple(at), param=param)

    if unknown := next((o for o in outcomes if o.result is Result.UNKNOWN), None):
        return stop(f"It cannot be seen whether this is needed: {unknown.reason}", unknown.evidence)
    for need in spec.requires:
        if not holds(need, unit, world.facts):
            return stop(need.otherwise, [unit.at])
    evidence = Evidence(world.target, unit, world.facts, world.tree, library.pins, {})
    chosen = forge(answers, evidence, spec.variants[0].forge)
    if loaded.variant(str(chosen.value)) is None:
        known = ", ".join(v.forge for v in spec.variants)
        what = f"Pipelines run on {chosen.value} here; there is no such variant of this scaffold yet (there is: {known})."
        return stop(what, chosen.at, "forge")
    try:
        params = (chosen, *fill(spec.params, evidence, answers))
    except Stopped as stopped:
        return stop(str(stopped), stopped.at, stopped.param)
    adopts = [f"{a.says} ({f.at.path}:{f.at.line})" for a in spec.adopts for f in _holding(a, unit, world.facts)[:3]]
    return Step(
        node=node, scaffold=spec.id, version=spec.version, title=spec.title, unit=unit.id, path=unit.path, slug=name,
        kind=unit.kind, forge=str(chosen.value), levels=place.declared, to=spec.raises.high, fixes=spec.fixes, params=params,
        adopts=tuple(adopts), cost=spec.cost, risk=spec.risk,
        findings=tuple(dict.fromkeys(at for o in outcomes for at in (o.evidence or (unit.at,)))),
    )  # fmt: skip


def holds(predicate: Predicate, unit: Unit, facts: Sequence[Fact]) -> bool:
    """Whether a predicate holds for a unit; what could not be determined does not count as holding."""
    held = len(_holding(predicate, unit, facts))
    if predicate.quantifier == "none":
        return held == 0
    return held == len(_read(predicate, unit, facts)) > 0 if predicate.quantifier == "all" else held > 0


def _holding(predicate: Predicate, unit: Unit, facts: Sequence[Fact]) -> list[Fact]:
    found = []
    for fact in _read(predicate, unit, facts):
        try:
            if predicate.condition.holds(fact):
                found.append(fact)
        except Unknown:
            continue
    return found


def _read(predicate: Predicate, unit: Unit, facts: Sequence[Fact]) -> list[Fact]:
    pools: dict[str, Sequence[Fact]] = {"item": unit.items, "unit": (*unit.items, *unit.related), "subject": facts}
    return [fact for fact in pools[predicate.reads.scope] if fact.kind == predicate.reads.fact]


def _slugs(units: Sequence[Unit]) -> dict[str, str]:
    """A name for each unit's files; those that would clash get six digits of their path's digest."""
    plain = {unit.id: slug(unit.path) for unit in units}
    taken: dict[tuple[str, str], int] = {}
    for unit in units:
        key = (unit.kind, plain[unit.id])
        taken[key] = taken.get(key, 0) + 1
    return {
        unit.id: name if taken[(unit.kind, name)] == 1 else f"{name}-{sha256(unit.path.encode()).hexdigest()[:6]}"
        for unit in units
        for name in [plain[unit.id]]
    }


def _aside(step: Step) -> Step:
    from dataclasses import replace

    return replace(step, needed=False)


def _stale(library: Library, today: date) -> tuple[str, ...]:
    pins: list[tuple[str, ActionPin | ToolPin]] = [*library.pins.actions.items(), *library.pins.tools.items()]
    return tuple(
        f"{name} {p.version} was to be reviewed by {p.review_by}" for name, p in sorted(pins, key=lambda pin: pin[0]) if p.review_by < today
    )
