"""What an id means, and why a subject stands where it stands, in the sentences that reports use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assess.content import load
from assess.errors import UsageError
from assess.meanings import index, known, meanings
from assess.model.assessment import Assessment
from assess.model.outcome import Reading
from assess.model.placement import LEVELS, Gate, Placement, Scope
from assess.report.evidence import Claim, Span, UnitLine, unit_lines
from assess.report.links import links_of
from assess.report.subjects import Side, Subject, confirm_hint, subjects
from assess.report.text import plain
from assess.report.words import count, gate_sentence, needed, team_gate
from assess.spec.strict import near_miss

UNITS = 10
"""Units that are shown with their evidence; of the others, how many there are."""


def explain(topic: str, *, assessment_file: Path, why_not: int | None = None, packs: tuple[Path, ...] = ()) -> str:
    """The text for a rule id, fact kind, unit kind, question, level (`L3`), exit code (`exit 3`), a subject or a unit.

    A word with two meanings gives both. `team:NAME`, `repository:NAME`, … and every topic with `why_not` are subjects.
    Errors: UsageError for a topic that nothing is called, and for a name that several subjects have.
    """
    content = load(packs)
    if not topic:
        return index(content)
    told = [] if why_not is not None else list(meanings(content, topic))
    if told:
        return "\n\n".join(told)
    return "\n".join(_subject(topic, assessment_file, why_not, known(content)))


@dataclass(frozen=True, slots=True)
class _Told:
    """An assessment as reports show it, with every subject beside its placement in the declared reading."""

    assessment: Assessment
    lines: Mapping[str, UnitLine]
    pairs: Sequence[tuple[Placement, Subject]]

    def own(self, subject: Subject) -> Sequence[UnitLine]:
        """The units of a subject; the organization has all."""
        return tuple(self.lines.values()) if subject.scope == Scope.ORGANIZATION else subject.lines


def _subject(topic: str, file: Path, why_not: int | None, known: Sequence[str]) -> Iterator[str]:
    if not file.is_file():
        fix = f"For a subject, name its assessment with --assessment; there is no {file}."
        raise UsageError(f"nothing is called '{topic}'{near_miss(topic, known)}", fix=fix)
    from assess.spec.wire import read_assessment

    assessment = read_assessment(file)
    lines = unit_lines(assessment)
    declared = [placement for placement in assessment.placements if placement.reading is Reading.DECLARED]
    told = _Told(assessment, lines, tuple(zip(declared, subjects(assessment, lines), strict=True)))
    scope, _, name = topic.partition(":")
    found = [pair for pair in told.pairs if topic == pair[0].subject or (scope == pair[0].scope and name == pair[0].subject)]
    if topic in lines:
        yield from _about_unit(told, lines[topic], why_not)
    elif len(found) == 1:
        yield from _about(told, *found[0], why_not)
    elif found:
        choices = [f"{one.scope}:{one.subject}" for one, _ in found]
        raise UsageError(f"{len(found)} subjects are called '{topic}'", str(file), f"Say which: {', '.join(choices)}.")
    else:
        names = [*known, *(p.subject for p, _ in told.pairs), *(f"{p.scope}:{p.subject}" for p, _ in told.pairs), *lines]
        raise UsageError(f"nothing is called '{topic}'{near_miss(topic, names)}", str(file))


def _about(told: _Told, placement: Placement, subject: Subject, why_not: int | None) -> Iterator[str]:
    side, other = subject.declared, subject.confirmed
    if side.span.without:
        yield f"{subject.scope} {subject.name} is not on the ladder: {side.span.without}. Never counted as level 0."
        return
    yield f"{subject.scope} {subject.name}: {_stands(side.span)} declared; confirmed: {_confirmed(other)}"
    if not subject.read:
        yield f"It could not be read: {subject.unread_because}"
        return
    if side.gate:
        yield f"{side.span.words} · {side.gate}."
    yield from (note for note in (side.also, side.inversion and f"Inversion: {side.inversion}.") if note)
    level = why_not if why_not is not None else min(5, side.span.low + 1)
    if why_not is not None:
        yield from ("", f"{_verdict(side.span, level)}{_counted(told, placement, subject, level)}")
    if side.span.low < level:
        yield from _held(told, placement, subject, level)
    if side.span.low < level or why_not is None:
        yield from _next(told, subject)


def _stands(span: Span) -> str:
    if span.open:
        return "level unknown"
    names = LEVELS[span.low] if span.low == span.high else f"{LEVELS[span.low]}, possibly {LEVELS[span.high]}"
    return f"{span.words} ({names})"


def _confirmed(side: Side) -> str:
    return "nothing yet" if side.span.open else f"{side.span.words}" + (f", {side.gate}" if side.gate else "")


def _verdict(span: Span, level: int) -> str:
    if span.low >= level:
        return f"It does reach level {level} ({LEVELS[level]}), for certain"
    return f"{'Whether it reaches' if span.high >= level else 'It does not reach'} level {level} ({LEVELS[level]})" + (
        " is not known" if span.high >= level else ""
    )


def _gates(told: _Told, placement: Placement, subject: Subject, level: int) -> tuple[Gate, Gate | None]:
    """The count of the units at a level, and that of the teams where it is the one that decides."""
    own = [line.declared for line in told.own(subject)]
    unseen = placement.units - len(own)  # a target that could not be read is one unknown unit of its organization
    tau = placement.gate.threshold if placement.gate else told.assessment.tau
    units = Gate(
        level=level, certain=sum(span.low >= level for span in own), possible=sum(span.high >= level for span in own) + unseen,
        total=placement.units, threshold=tau,
    )  # fmt: skip
    teams = told.assessment.of_scope(Scope.TEAM) if placement.scope is Scope.ORGANIZATION else ()
    reach = units.possible if placement.high < level else units.certain  # the teams decide where the units would reach it
    return units, team_gate(replace(placement, gate=replace(units, certain=reach), low=min(placement.low, 4)), teams)


def _counted(told: _Told, placement: Placement, subject: Subject, level: int) -> str:
    if not placement.units:
        return "."
    units, teams = _gates(told, placement, subject, level)
    decides = teams or units
    hidden = " What could not be read may hide more units." if decides.certain >= needed(decides) and placement.low < level else ""
    if teams is None:
        return f": {gate_sentence(units)}.{hidden}"
    return f": every team counts once too: {gate_sentence(teams, 'team')}. Counting units instead, {gate_sentence(units)}.{hidden}"


def _held(told: _Told, placement: Placement, subject: Subject, level: int) -> Iterator[str]:
    """The units that keep a subject below a level; where the count of teams decides, those of the teams below it."""
    below = [line for line in told.own(subject) if line.declared.low < level]
    if placement.units and _gates(told, placement, subject, level)[1] is not None:
        teams = [(p, s) for p, s in told.pairs if p.scope is Scope.TEAM and p.low < level]
        yield from ("", f"Teams that do not reach level {level} for certain:")
        yield from (f"  {s.name} ({s.declared.span.words}){_counted(told, p, s, level)}" for p, s in teams)
        below = [line for line in below if line.owner in {s.name for _, s in teams}]
    elif placement.scope is Scope.ORGANIZATION and (unread := [s.name for _, s in told.pairs if not s.read]):
        yield from ("", f"Could not be read, each counted as one unknown unit: {', '.join(unread)}")
    below.sort(key=lambda line: (line.declared.high, line.declared.low, line.id))
    if below:
        yield from ("", f"{count(len(below), 'unit')} not at level {level} for certain:")
    for line in below[:UNITS]:
        yield from ("", *_unit(told, line))
    if len(below) > UNITS:
        yield from ("", f"… and {len(below) - UNITS:,} more; `explain UNIT-ID` says the same of any of them.")


def _next(told: _Told, subject: Subject) -> Iterator[str]:
    lines = [f"To know more: {text}" for text in subject.declared.settle]
    lines += [text for text in (subject.next_step, confirm_hint(told.assessment.targets)) if text]
    if lines:
        yield from ("", "Next", *(f"  {text}" for text in lines))


def _about_unit(told: _Told, line: UnitLine, why_not: int | None) -> Iterator[str]:
    if why_not is not None:
        yield from (f"{_verdict(line.declared, why_not)}.", "")
    yield from _unit(told, line)
    yield f"  Answers still possible: {'; '.join(f'{question.lower()}: {answer}' for question, answer in line.answers)}"
    for reading in Reading:
        rest = [claim for claim in line.claims if claim.reading == reading and not claim.blocks]
        if rest:
            yield f"  What else rules say, {reading}:"
        for claim in rest:
            yield from _claim(told, line, claim)
    yield from links_of(told.assessment, line.id)


def _unit(told: _Told, line: UnitLine) -> Iterator[str]:
    """A unit, where it lies, and the rules that keep it from the level above its certain one."""
    owner = f", team {line.owner}" if line.owner else ""
    confirmed = "nothing yet" if line.confirmed.open else line.confirmed.words
    yield f"{line.id}  {_stands(line.declared)} declared; confirmed: {confirmed}  ({line.kind}{owner})"
    yield f"  {line.spot.text}  {line.spot.href}".rstrip()
    if line.declared.low == 5:
        return
    blocking = [claim for claim in line.claims if claim.blocks]
    still = ", ".join(f"{question.lower()} ({answer})" for question, answer in line.answers if answer == "open" or " or " in answer)
    yield f"  What keeps it from level {line.declared.low + 1}:" if blocking else f"  No rule says no; still open: {still}"
    for claim in blocking:
        yield from _claim(told, line, claim)


def _claim(told: _Told, line: UnitLine, claim: Claim) -> Iterator[str]:
    """A rule's question and answer, the hops that decided it (else the places), why it is unknown and what settles that."""
    yield f"    {claim.rule} {claim.question} {claim.answer.capitalize()}{': ' + claim.reason if claim.reason else ''}"
    yield from (f"      → {hop}" for hop in claim.chain)
    if not claim.chain:
        yield from (f"      {spot.text}  {spot.href}".rstrip() for spot in claim.spots)
    for gap in told.assessment.gaps:
        if gap.settle and gap.at.target == line.target and plain(f"{gap.at}: {gap.what}") in claim.reason:
            yield f"      To settle it: {plain(gap.settle)}"
