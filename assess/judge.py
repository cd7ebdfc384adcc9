"""Facts × rules → outcomes: each rule on each unit, or repository, that it asks about, in both readings. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from assess.model.fact import Assurance, Fact
from assess.model.gap import Gap
from assess.model.outcome import Outcome, Reading, Result
from assess.model.target import Location, Source, Target
from assess.model.unit import ANSWERS, WHOLE, Question, Unit, within
from assess.spec.condition import Unknown
from assess.spec.rule import Effect, Rule, Settles, Share

_OPEN_WORLD = "only what has happened or is so now counts here, and none was seen"


@dataclass(frozen=True, slots=True)
class World:
    """What rules may look at beside a unit's own facts: its repository's facts, and the gaps of everything."""

    facts: dict[tuple[str, str], tuple[Fact, ...]]
    """By target and kind: each rule about a whole repository asks for one kind of its facts."""
    gaps: dict[str, tuple[Gap, ...]]
    unread: tuple[Gap, ...] = ()
    """The gaps of repositories that could not be read at all: what reaches across repositories may stand there."""

    @classmethod
    def of(cls, facts: Iterable[Fact], gaps: Iterable[Gap], unread: Collection[str] = ()) -> World:
        """A world from all facts and gaps of a run; unread: the labels of repositories that could not be read."""
        gaps = list(gaps)
        by_kind: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        gaps_by: dict[str, list[Gap]] = defaultdict(list)
        for fact in facts:
            by_kind[fact.at.target, fact.kind].append(fact)
        for gap in gaps:
            gaps_by[gap.at.target].append(gap)
        elsewhere = tuple(gap for gap in gaps if gap.at.target in unread)
        return cls({k: tuple(v) for k, v in by_kind.items()}, {k: tuple(v) for k, v in gaps_by.items()}, elsewhere)


def judge(units: Sequence[Unit], world: World, rules: Sequence[Rule]) -> list[Outcome]:
    """The outcomes of every rule on every unit of the kinds it asks about, by unit, then rule, then reading."""
    by_kind: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        for kind in rule.units:
            by_kind[kind].append(rule)
    judged: list[Outcome] = []
    for unit in units:
        found = [o for rule in by_kind[unit.kind] for reading in Reading if (o := _guarded(rule, unit, world, reading)) is not None]
        judged += _excused(found, by_kind[unit.kind])
    return judged


def wholes(targets: Iterable[Target]) -> list[Unit]:
    """The repositories that were read, as what rules ask about that settle a statement."""
    read = (target for target in targets if target.source is Source.GIT and target.read)
    return [Unit(id=t.label, kind=WHOLE, target=t.label, path=".", at=Location(target=t.label)) for t in read]


def _excused(outcomes: list[Outcome], rules: Sequence[Rule]) -> list[Outcome]:
    """A unit's outcomes, in which *unmet* removes nothing where a rule named in `unless` is met, or may be."""
    unless = {rule.id: rule.unless for rule in rules if rule.unless}
    met = {(o.rule, o.reading): o.result for o in outcomes if o.result in (Result.MET, Result.UNKNOWN, Result.ERROR)}
    done = []
    for outcome in outcomes:
        instead = next((other for other in unless.get(outcome.rule, ()) if (other, outcome.reading) in met), "")
        excused = instead and outcome.result is Result.UNMET
        why = f"{instead} is {met[(instead, outcome.reading)]} instead" if excused else ""
        done.append(replace(outcome, keeps=(), reason=why) if excused else outcome)
    return done


def answers(outcomes: Iterable[Outcome]) -> dict[Question, frozenset[str]]:
    """The answers still possible after a unit's outcomes of one reading.

    Where outcomes contradict each other, that question is open again: both sides stand among the outcomes.
    """
    possible = dict(ANSWERS)
    for outcome in outcomes:
        if outcome.keeps and outcome.question:
            possible[outcome.question] = possible[outcome.question] & frozenset(outcome.keeps)
    return {question: kept or ANSWERS[question] for question, kept in possible.items()}


def _guarded(rule: Rule, unit: Unit, world: World, reading: Reading) -> Outcome | None:
    """One rule on one unit; a rule that breaks is an error outcome, and the run goes on."""
    try:
        return _outcome(rule, unit, world, reading)
    except Exception as error:  # noqa: BLE001  the one broad except around a rule (DESIGN section 9, rule 9)
        return _made(rule, unit, reading, Result.ERROR, reason=f"{type(error).__name__}: {error}")


def _outcome(rule: Rule, unit: Unit, world: World, reading: Reading) -> Outcome | None:
    if reading not in rule.readings or (reading is Reading.CONFIRMED and rule.strength == "weak"):
        return None
    if isinstance(rule.effect, Settles) and not _concerned(rule.effect, unit, world):
        return _made(rule, unit, reading, Result.NOT_APPLICABLE)
    facts = _facts(rule, unit, world, reading)
    held, failed, unknown = _sorted_facts(rule, facts)
    result = _result(rule, held, failed, unknown)
    evidence = held or failed
    if result is Result.UNKNOWN:
        return _made(rule, unit, reading, result, [fact for fact, _ in unknown], reason=unknown[0][1])
    if _rests_on_all(rule, result) and (reason := _open(rule, unit, world, reading, result, evidence)):
        return _made(rule, unit, reading, Result.UNKNOWN, evidence, reason=reason)
    return _made(rule, unit, reading, result, held if result is Result.MET else evidence, _keeps(rule, result, held, failed))


def _concerned(effect: Settles, unit: Unit, world: World) -> bool:
    """Whether the repository has, or may have behind a gap, anything that the statement is about."""
    here = any((unit.target, kind) in world.facts for kind in effect.concerns)
    return here or any(set(effect.concerns) & set(gap.blinds) for gap in world.gaps.get(unit.target, ()))


def _keeps(rule: Rule, result: Result, held: list[Fact], failed: list[Fact]) -> tuple[str, ...]:
    """The answers that stay possible; of items, the union of what each one keeps; empty where none is removed."""
    if not isinstance(rule.effect, Effect):
        return ()
    if rule.reads.scope != "item":
        return rule.effect.met if result is Result.MET else rule.effect.unmet if result is Result.UNMET else ()
    each = ([rule.effect.met] if held else []) + ([rule.effect.unmet] if failed else [])
    return tuple(dict.fromkeys(answer for keeps in each for answer in keeps)) if all(each) else ()


def _facts(rule: Rule, unit: Unit, world: World, reading: Reading) -> list[Fact]:
    pool: Sequence[Fact]
    match rule.reads.scope:
        case "item":
            pool = unit.items
        case "unit":
            pool = (*unit.items, *unit.related)
        case _:
            pool = world.facts.get((unit.target, rule.reads.fact), ())
    wanted = [fact for fact in pool if fact.kind == rule.reads.fact]
    return wanted if reading is Reading.DECLARED else [f for f in wanted if f.assurance is not Assurance.DECLARED]


Undecided = list[tuple[Fact, str]]


def _sorted_facts(rule: Rule, facts: Iterable[Fact]) -> tuple[list[Fact], list[Fact], Undecided]:
    held: list[Fact] = []
    failed: list[Fact] = []
    unknown: Undecided = []
    for fact in facts:
        try:
            (held if rule.condition.holds(fact) else failed).append(fact)
        except Unknown as why:
            unknown.append((fact, str(why)))
    return held, failed, unknown


def _result(rule: Rule, held: list[Fact], failed: list[Fact], unknown: Undecided) -> Result:
    if rule.reads.scope == "item" and not (held or failed or unknown):
        return Result.NOT_APPLICABLE
    total = len(held) + len(failed) + len(unknown)
    match rule.quantifier:
        case Share(share=share):
            low, high = len(held) / max(total, 1), (len(held) + len(unknown)) / max(total, 1)
            if not total:
                return Result.NOT_APPLICABLE
            return Result.MET if low >= share else Result.UNMET if high < share else Result.UNKNOWN
        case "any":
            return Result.MET if held else Result.UNKNOWN if unknown else Result.UNMET
        case "all":
            if not total:
                return Result.NOT_APPLICABLE
            return Result.UNMET if failed else Result.UNKNOWN if unknown else Result.MET
        case _:
            return Result.UNMET if held else Result.UNKNOWN if unknown else Result.MET


def _rests_on_all(rule: Rule, result: Result) -> bool:
    """Whether one more fact could turn a result: a counter-example in hand decides, however much was not seen."""
    if rule.quantifier == "any":
        return result is Result.UNMET
    return result is Result.MET or (result is Result.UNMET and isinstance(rule.quantifier, Share))


def _open(rule: Rule, unit: Unit, world: World, reading: Reading, result: Result, seen: list[Fact]) -> str:
    """Why a result that rests on all there is may not be said here; empty where the world is closed."""
    if reading is Reading.CONFIRMED:
        return "" if seen and (result is Result.MET or rule.reads.scope == "item") else _OPEN_WORLD
    path = unit.path.partition("@")[0]
    for gap in world.gaps.get(unit.target, ()):
        inside = not gap.under or within(path, gap.under) or within(gap.under, path)
        if rule.reads.fact in gap.blinds and inside and (not gap.events or rule.condition.may_hold({"events": gap.events})):
            return f"{gap.at}: {gap.what}"
    return next((f"{gap.at}: {gap.what}" for gap in world.unread), "") if rule.reads.fact in _CROSSING else ""


_CROSSING = ("GitOpsSource", "SelfService")
"""Fact kinds by which one repository speaks of another."""


def _made(
    rule: Rule, unit: Unit, reading: Reading, result: Result, evidence: Iterable[Fact] = (), keeps: Iterable[str] = (),
    reason: str = "",
) -> Outcome:  # fmt: skip
    facts = sorted(evidence, key=lambda f: (f.at.target, f.at.path, f.at.line))
    question, statement, assurance = None, "", None
    if isinstance(rule.effect, Settles):
        statement = rule.effect.statement
        assurance = max((fact.assurance for fact in facts), key=list(Assurance).index, default=None)
    else:
        question = rule.effect.question
    return Outcome(
        rule=rule.id, unit=unit.id, reading=reading, result=result, keeps=tuple(keeps),
        question=question, statement=statement, assurance=assurance,
        evidence=tuple(dict.fromkeys(fact.at for fact in facts))[:5],
        chain=_chain(facts), reason=reason,
    )  # fmt: skip


def _chain(facts: Sequence[Fact]) -> tuple[str, ...]:
    """The hops to show: of a job that would do it and cannot, and of one that only plans, sooner than of one that does less."""
    told: list[tuple[Fact, tuple[str, ...]]] = [(fact, chain) for fact in facts if (chain := getattr(fact, "chain", ()))]
    for fact, chain in told:
        does = getattr(fact, "does", ())
        if getattr(fact, "why_not", "") or ("plan" in does and "apply" not in does):
            return chain
    return told[0][1] if told else ()
