"""What an id or word of ours means: a rule, a policy, a fact kind, a unit kind, a question, a statement, a level, an exit code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields

from assess.content import Content
from assess.errors import EXIT_MEANINGS, ExitCode, UsageError
from assess.model.fact import FACT_KINDS
from assess.model.finding import PolicyText
from assess.model.placement import Scope
from assess.model.unit import ANSWERS, UNIT_KINDS, Question
from assess.policy.gate.notices import TEXTS, TOLD
from assess.spec.condition import vocabulary
from assess.spec.policy import PolicySpec
from assess.spec.rule import Effect, Rule, Settles


def known(content: Content) -> list[str]:
    """Every word that has a meaning, for near misses."""
    return [
        *(rule.id for rule in content.rules),
        *(policy.id for policy in _policies()),
        *(text.id for text in TEXTS),
        *FACT_KINDS,
        *UNIT_KINDS,
        *ANSWERS,
        *_statements(content),
    ]


def _statements(content: Content) -> dict[str, str]:
    return {f"{axis.id}.{statement.id}": f"{axis.name}: {statement.text}" for axis in content.axes for statement in axis.statements}


def meanings(content: Content, topic: str) -> Iterator[str]:
    """What a word means, a text for each meaning; none for a subject or a unit."""
    if topic.upper() in {rule.id for rule in content.rules}:
        yield _rule(content, topic.upper())
    yield from (_policy(policy) for policy in _policies() if policy.id == topic.upper())
    yield from (_notice(text) for text in TEXTS if text.id == topic.upper())
    if level := re.fullmatch(r"(?:L|level )?([0-5])", topic, re.I):
        yield _level(content, int(level[1]))
    if code := re.fullmatch(r"exit (\d+)", topic):
        yield _exit_code(int(code[1]))
    if topic in FACT_KINDS:
        yield _fact_kind(topic)
    if topic in UNIT_KINDS:
        yield f"{topic}, a kind of unit: {UNIT_KINDS[topic]}\n" + _rules(
            "Rules that ask about it", [r.id for r in content.rules if topic in r.units]
        )
    if topic in _statements(content):
        yield _statement(content, topic)
    if topic in set(ANSWERS):
        settled = _rules(
            "Rules that settle it", [r.id for r in content.rules if isinstance(r.effect, Effect) and r.effect.question == topic]
        )
        answers = ", ".join(sorted(ANSWERS[Question(topic)]))
        yield f"{topic}, one of the five questions about a unit.\nPossible answers: {answers}\n{settled}"


def _policies() -> tuple[PolicySpec, ...]:
    from assess.policy.rego import catalogue

    return catalogue.load().policies


def _policy(policy: PolicySpec) -> str:
    controls = "; ".join(f"{framework} {', '.join(ids)}" for framework, ids in sorted(policy.controls.items()))
    lines = [
        f"{policy.id} {policy.title}", "", f"Why: {policy.why}", "",
        f"Severity: {policy.severity}; {'fails a change' if 'deny' in policy.rules else 'warns of it'}",
        f"Reads:    {policy.reads}", f"Says:     {policy.message}", f"Fix:      {policy.fix}", f"Remedy:   {policy.remedy or 'none yet'}",
        *([f"Controls: {controls}"] if controls else []),
        f"Sources:  {', '.join(map(str, policy.sources))}", f"File:     policies/{policy.file}",
    ]  # fmt: skip
    return "\n".join(lines)


def _notice(text: PolicyText) -> str:
    does = "warns of it" if text.id in TOLD else "fails a change"
    return f"{text.id} {text.title}\n\nWhy: {text.why}\n\nSeverity: {text.severity}; {does}\nFix:      {text.fix}\nFile:     docs/gate.md"


def _statement(content: Content, topic: str) -> str:
    ids = [r.id for r in content.rules if isinstance(r.effect, Settles) and r.effect.statement == topic]
    return f"{topic}, a statement of an axis beside the ladder.\n{_statements(content)[topic]}\n{_rules('Rules that settle it', ids)}"


def _rules(title: str, ids: Sequence[str]) -> str:
    return f"{title}: {', '.join(ids) or 'none'}"


def index(content: Content) -> str:
    """All words, by sort."""
    rows: list[tuple[str, list[str]]] = [
        ("rules", [f"{rule.id}  {rule.name}" for rule in content.rules]),
        ("policies", [f"{policy.id}  {policy.title}" for policy in _policies()]),
        ("what the gate says of itself", [f"{text.id}  {text.title}" for text in TEXTS]),
        ("levels", [f"L{level.level}  {level.name}" for level in content.ladder.levels]),
        ("fact kinds", list(FACT_KINDS)),
        ("unit kinds", list(UNIT_KINDS)),
        ("questions", [question.value for question in ANSWERS]),
        ("statements of the axes", list(_statements(content))),
        ("exit codes", [f"exit {code.value}" for code in ExitCode]),
        ("subjects of an assessment (--assessment FILE)", [*(f"{scope}:NAME" for scope in Scope), "NAME", "UNIT-ID"]),
    ]
    return "\n\n".join(f"{title}\n" + "\n".join(f"  {line}" for line in lines) for title, lines in rows)


def _rule(content: Content, rule_id: str) -> str:
    rule = next(rule for rule in content.rules if rule.id == rule_id)
    lines = [
        f"{rule.id} {rule.name}", "", str(rule.question), f"Why: {rule.why}", "",
        f"Asks about: {', '.join(rule.units)}",
        f"Reads:      {rule.reads.fact} ({rule.reads.scope})", f"Holds when: {rule.when}",
        f"Settles:    {_settles(rule)}",
        *([f"Remedy:     {rule.remedy}"] if rule.remedy else []),
        "Sources:", *(f"  {source}" for source in rule.sources), f"File: {content.file_of(rule_id)}",
    ]  # fmt: skip
    return "\n".join(lines)


def _settles(rule: Rule) -> str:
    if isinstance(rule.effect, Settles):
        return f"{rule.effect.statement}: met says that it is so, unmet that it is absent; asked of repositories with {_list(rule.effect.concerns)}"
    return f"{rule.effect.question}: met keeps {_list(rule.effect.met)}, unmet keeps {_list(rule.effect.unmet)}"


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
    types = vocabulary(name)
    rows = [f"  fact.{f.name:20} {types[f.name]}" for f in fields(cls) if f.name in types]
    return f"{name}: {(cls.__doc__ or '').strip()}\n\nFields that a condition may use:\n" + "\n".join(rows)
