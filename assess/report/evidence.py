"""Units with the rules that judged them and the places that decided, as reports show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assess.model.assessment import Assessment, RuleText
from assess.model.outcome import Outcome, Reading, Result
from assess.model.placement import UnitPlace
from assess.model.target import Location, Target
from assess.model.unit import Question, level_of
from assess.report.text import address, plain
from assess.report.words import KINDS, QUESTIONS, RESULTS, answers, levels

_BEST = {Question.DEFINITION: "declarative", Question.EXECUTOR: "controller", Question.PACKAGED: "yes",
         Question.RECONCILED: "yes", Question.REQUESTER: "consumer"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that a person can open. text: `repository:path:line`; href: empty where no browser can."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """An interval on the ladder, or why there is none."""

    low: int = 0
    high: int = 5
    without: str = ""

    @property
    def open(self) -> bool:
        """Nothing is known of it."""
        return not self.without and (self.low, self.high) == (0, 5)

    @property
    def words(self) -> str:
        """`L2`, `L2–L3`, or `n/a`."""
        return "n/a" if self.without else levels(self.low, self.high)

    @property
    def steps(self) -> tuple[str, ...]:
        """For each level 0-5: `sure` (reached), `may`, or `not`."""
        if self.without:
            return ("not",) * 6
        return tuple("sure" if level <= self.low else "may" if level <= self.high else "not" for level in range(6))


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One rule's answer about a unit, with what it rests on."""

    rule: str
    question: str
    reading: str
    result: str
    answer: str
    reason: str
    spots: tuple[Spot, ...]
    chain: tuple[str, ...]
    blocks: bool
    """It is why the unit does not reach the next level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLine:
    """One unit as a line of a report, with everything it opens to."""

    id: str
    anchor: str
    name: str
    kind: str
    target: str
    owner: str
    spot: Spot
    declared: Span
    confirmed: Span
    answers: tuple[tuple[str, str], ...]
    claims: tuple[Claim, ...]

    @property
    def why(self) -> str:
        """The claims that keep it below the next level, in one sentence; empty where nothing does."""
        blocking = next((c for c in self.claims if c.blocks and c.reading == "declared"), None)
        if blocking is None:
            return ""
        return f"{blocking.question} {blocking.answer.capitalize()}{': ' + blocking.reason if blocking.reason else ''}"


def spot(targets: Mapping[str, Target], at: Location, within: str = "") -> Spot:
    """A location to show; its target is left out of the text where the surroundings name it."""
    text = str(at)
    if within and at.target == within and at.path:
        text = text[len(at.target) + 1 :]
    return Spot(plain(text), address(targets.get(at.target), at))


def unit_lines(assessment: Assessment) -> dict[str, UnitLine]:
    """Every unit by its id, in the order of the run."""
    targets = {target.label: target for target in assessment.targets}
    rules = {rule.id: rule for rule in assessment.rules}
    by_unit: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in assessment.outcomes:
        by_unit[outcome.unit].append(outcome)
    return {place.unit: _line(f"u{number}", place, by_unit[place.unit], rules, targets) for number, place in enumerate(assessment.units, 1)}


def _line(
    anchor: str, place: UnitPlace, outcomes: Sequence[Outcome], rules: Mapping[str, RuleText], targets: Mapping[str, Target]
) -> UnitLine:
    blocking = blockers(place, outcomes)
    told = [o for o in outcomes if o.result is not Result.NOT_APPLICABLE]
    told = [o for o in told if o.reading is Reading.DECLARED or o.evidence]
    name = plain(place.path) if place.path not in ("", ".") else "repository root"
    return UnitLine(
        id=plain(place.unit), anchor=anchor, name=name, kind=KINDS.get(place.kind, plain(place.kind)),
        target=plain(place.target), owner=plain(place.owner), spot=spot(targets, place.at, place.target),
        declared=Span(*place.declared), confirmed=Span(*place.confirmed),
        answers=tuple((QUESTIONS[q], answers(q, place.answers.get(q.value, ()))) for q in Question),
        claims=tuple(_claim(o, o.rule in blocking, rules, targets, place.target) for o in told),
    )  # fmt: skip


def _claim(outcome: Outcome, blocks: bool, rules: Mapping[str, RuleText], targets: Mapping[str, Target], within: str) -> Claim:
    rule = rules.get(outcome.rule)
    return Claim(
        rule=plain(outcome.rule), question=plain(rule.question if rule else outcome.rule), reading=outcome.reading.value,
        result=outcome.result.value, answer=RESULTS[outcome.result], reason=plain(outcome.reason),
        spots=tuple(spot(targets, at, within) for at in outcome.evidence), chain=tuple(plain(step) for step in outcome.chain),
        blocks=blocks and outcome.reading is Reading.DECLARED,
    )  # fmt: skip


def blockers(place: UnitPlace, outcomes: Sequence[Outcome]) -> set[str]:
    """The rules that keep a unit from the level above its certain one, in the declared reading.

    They are those of the first question whose possible answers hold it down: a yes that leaves only answers below the
    level, a no, and what is unknown.
    """
    level = place.declared[0] + 1
    for question in Question:
        if any(_ceiling(question, answer) < level for answer in place.answers.get(question.value, ())):
            told = [o for o in outcomes if o.question is question and o.reading is Reading.DECLARED]
            found = {o.rule for o in told if _holds_down(o, level)}
            if found:
                return found
    return set()


def _holds_down(outcome: Outcome, level: int) -> bool:
    if outcome.result is Result.MET:
        question = outcome.question
        return question is not None and bool(outcome.keeps) and all(_ceiling(question, answer) < level for answer in outcome.keeps)
    return outcome.result is not Result.NOT_APPLICABLE


def _ceiling(question: Question, answer: str) -> int:
    """The highest level that one answer leaves open."""
    best = {**_BEST, question: answer}
    return level_of(*(best[q] for q in Question))
