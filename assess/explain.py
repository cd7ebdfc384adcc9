"""What an id means, and why a subject stands where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from assess.content import Content, load
from assess.errors import EXIT_MEANINGS, ExitCode, UsageError
from assess.model.assessment import Assessment
from assess.model.fact import FACT_KINDS
from assess.model.outcome import Outcome, Reading, Result
from assess.model.placement import LEVELS, Placement, UnitPlace
from assess.model.target import link
from assess.model.unit import ANSWERS, UNIT_KINDS, Question
from assess.spec.condition import vocabulary
from assess.spec.strict import near_miss


def explain(topic: str, *, assessment_file: Path, why_not: int | None = None, packs: tuple[Path, ...] = ()) -> str:
    """The text for a rule id, fact kind, unit kind, question, level (`L3`), exit code (`exit 3`), or a subject.

    Errors: UsageError for a topic that nothing is called.
    """
    content = load(packs)
    if not topic:
        return _index(content)
    rules = {rule.id: rule for rule in content.rules}
    if topic.upper() in rules:
        return _rule(content, topic.upper())
    if level := re.fullmatch(r"(?:L|level )?([0-5])", topic, re.I):
        return _level(content, int(level[1]))
    if code := re.fullmatch(r"exit (\d+)", topic):
        return _exit_code(int(code[1]))
    for known, maker in ((FACT_KINDS, _fact_kind), (UNIT_KINDS, _unit_kind), (ANSWERS, _question)):
        if topic in known:
            return maker(topic)
    return _subject(topic, assessment_file, why_not, [*rules, *FACT_KINDS, *UNIT_KINDS, *ANSWERS])


def _index(content: Content) -> str:
    rows: list[tuple[str, list[str]]] = [
        ("rules", [f"{rule.id}  {rule.name}" for rule in content.rules]),
        ("levels", [f"L{level.level}  {level.name}" for level in content.ladder.levels]),
        ("fact kinds", list(FACT_KINDS)),
        ("unit kinds", list(UNIT_KINDS)),
        ("questions", [question.value for question in ANSWERS]),
        ("exit codes", [f"exit {code.value}" for code in ExitCode]),
    ]
    return "\n\n".join(f"{title}\n" + "\n".join(f"  {line}" for line in lines) for title, lines in rows)


def _rule(content: Content, rule_id: str) -> str:
    rule = next(rule for rule in content.rules if rule.id == rule_id)
    effect = rule.effect
    lines = [
        f"{rule.id} {rule.name}", "", str(rule.question), f"Why: {rule.why}", "",
        f"Asks about: {', '.join(rule.units)}", f"Reads:      {rule.reads.fact} ({rule.reads.scope})", f"Holds when: {rule.when}",
        f"Settles:    {effect.question}: met keeps {_list(effect.met)}, unmet keeps {_list(effect.unmet)}",
        *([f"Remedy:     {rule.remedy}"] if rule.remedy else []),
        "Sources:", *(f"  {source}" for source in rule.sources), f"File: {content.file_of(rule_id)}",
    ]  # fmt: skip
    return "\n".join(lines)


def _list(answers: tuple[str, ...]) -> str:
    return ", ".join(answers) or "every answer"


def _level(content: Content, number: int) -> str:
    level = content.ladder.levels[number]
    return f"L{number} {level.name}\n\n{level.meaning}\nLooks like: {level.looks_like}\nNext step: {level.next_step}"


def _exit_code(number: int) -> str:
    codes = {code.value: code for code in ExitCode}
    if number not in codes:
        raise UsageError(f"no exit code {number}", fix=f"One of: {', '.join(map(str, codes))}.")
    return f"exit {number} ({codes[number].name.lower()})\n\n{EXIT_MEANINGS[codes[number]]}"


def _fact_kind(name: str) -> str:
    cls = FACT_KINDS[name]
    known = vocabulary(name)
    rows = [f"  fact.{f.name:20} {known[f.name]}" for f in fields(cls) if f.name in known]
    return f"{name}: {(cls.__doc__ or '').strip()}\n\nFields that a condition may use:\n" + "\n".join(rows)


def _unit_kind(name: str) -> str:
    return f"{name}: {UNIT_KINDS[name]}"


def _question(name: str) -> str:
    return f"{name}: one of the five questions about a unit.\nPossible answers: {', '.join(sorted(ANSWERS[Question(name)]))}"


def _subject(name: str, assessment_file: Path, why_not: int | None, known: list[str]) -> str:
    if not assessment_file.is_file():
        raise UsageError(
            f"nothing is called '{name}'{near_miss(name, known)}",
            fix=f"For a subject, name its assessment with --assessment; there is no {assessment_file}.",
        )
    from assess.spec.wire import read_assessment

    assessment = read_assessment(assessment_file)
    unit = next((u for u in assessment.units if u.unit == name), None)
    if unit:
        return "\n".join(_unit(assessment, unit))
    placement = assessment.placement(name)
    if placement is None:
        subjects = [*known, *(p.subject for p in assessment.placements), *(u.unit for u in assessment.units)]
        raise UsageError(f"nothing is called '{name}'{near_miss(name, subjects)}", str(assessment_file))
    return "\n".join(_placement(assessment, placement, why_not))


def _placement(assessment: Assessment, placement: Placement, why_not: int | None) -> Iterator[str]:
    if placement.not_applicable:
        yield f"{placement.subject}: not applicable: {placement.not_applicable}"
        return
    yield f"{placement.subject}: L{placement.low}-L{placement.high} declared, {placement.units} units, τ {assessment.tau:g}"
    level = min(5, placement.low + 1) if why_not is None else why_not
    mine = [u for u in assessment.units if placement.subject in (u.target, u.owner, assessment.organization)]
    below = [u for u in mine if u.declared[0] < level]
    yield f"{len(mine) - len(below)} of {len(mine)} units certainly reach L{level} ({LEVELS[level]}); τ asks for {assessment.tau:.0%}."
    for unit in below:
        yield ""
        yield from _unit(assessment, unit)


def _unit(assessment: Assessment, unit: UnitPlace) -> Iterator[str]:
    yield f"{unit.unit}  L{unit.declared[0]}-L{unit.declared[1]} declared, L{unit.confirmed[0]}-L{unit.confirmed[1]} confirmed"
    yield f"  {unit.at}  {_web(assessment, unit)}".rstrip()
    names = {rule.id: rule.name for rule in assessment.rules}
    for outcome in assessment.outcomes:
        if outcome.unit == unit.unit and outcome.reading is Reading.DECLARED and outcome.result is not Result.NOT_APPLICABLE:
            yield from _outcome(outcome, names.get(outcome.rule, ""))


def _outcome(outcome: Outcome, name: str) -> Iterator[str]:
    yield f"  {outcome.rule} {name}: {outcome.result}{f' ({outcome.reason})' if outcome.reason else ''}; {outcome.question} keeps " + (
        ", ".join(outcome.keeps) or "every answer"
    )
    for hop in outcome.chain:
        yield f"      → {hop}"
    if not outcome.chain:
        for at in outcome.evidence:
            yield f"      {at}"


def _web(assessment: Assessment, unit: UnitPlace) -> str:
    target = assessment.target(unit.target)
    return link(target, unit.at) if target else ""
