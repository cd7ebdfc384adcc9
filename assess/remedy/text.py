"""A plan and its proof as text for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assess.model.placement import LEVELS
from assess.model.target import Location
from assess.remedy.fill import Filled
from assess.remedy.plan import Blocker, Plan, Step
from assess.remedy.prove import Proof
from assess.remedy.validate import PROOF_LEVELS


def plan_text(plan: Plan, paths: Mapping[str, Sequence[str]], before: Mapping[str, Sequence[str]]) -> str:
    """A plan. paths, before: by node, the files it writes and what a person sets up first."""
    return _safe("\n".join(_plan(plan, paths, before)))


def proof_text(proof: Proof, confirms: Sequence[str]) -> str:
    """A proof, and the runs that will confirm the level."""
    return _safe("\n".join(_proof(proof, confirms)))


def _plan(plan: Plan, paths: Mapping[str, Sequence[str]], before: Mapping[str, Sequence[str]]) -> Iterator[str]:
    if plan.note:
        yield f"{plan.subject}: {plan.note}"
        if not plan.units:
            return
    else:
        yield f"{plan.subject} stands at {_levels(plan.levels)} (declared). The next level is {plan.to}, {LEVELS[plan.to]}."
    if plan.steps:
        yield f"\nTo do, {len(plan.steps)} of {plan.units} units:"
    for step in plan.steps:
        yield from _step(step, paths, before)
    if plan.short:
        yield f"\nThat is not enough: {plan.short} more of {plan.units} units would have to move before the level rises."
    if plan.blocked:
        yield "\nSomething comes first:"
        for blocker in plan.blocked:
            yield from _blocker(blocker)
    if plan.uncovered:
        yield "\nBelow the next level, and no scaffold speaks to it: " + ", ".join(plan.uncovered)
    if plan.further:
        yield "\nCould be done besides (not needed for the next level): " + ", ".join(step.node for step in plan.further)
    for pin in plan.stale:
        yield f"Old: {pin}."


def _step(step: Step, paths: Mapping[str, Sequence[str]], before: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield f"  {step.node}  {_levels(step.levels)} → {step.to}  fixes {', '.join(step.fixes)}"
    yield f"    {step.title}."
    for path in paths.get(step.node, ()):
        yield f"    writes  {path}"
    for param in step.params:
        yield f"    {_param(param)}"
    for says in step.adopts:
        yield f"    keeps   {says}"
    for number, line in enumerate(before.get(step.node, ()), 1):
        yield f"    first {number}: {line}"
    for line in step.risk:
        yield f"    risk:   {line}"


def _param(param: Filled) -> str:
    if param.source == "evidence":
        more = f" and {len(param.at) - 3} more" if len(param.at) > 3 else ""
        where = ", ".join(_at(at) for at in param.at[:3]) + more
    else:
        where = "answered in .idp/params.yaml" if param.source == "user" else f"default: {param.note}"
    return f"{param.name} = {_value(param.value)}  ({where})"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(part.get("variable", part)) if isinstance(part, dict) else str(part) for part in value) or "none"
    return {"True": "yes", "False": "no"}.get(str(value), str(value)) or "none"


def _blocker(blocker: Blocker) -> Iterator[str]:
    where = ", ".join(_at(at) for at in blocker.at[:3])
    yield f"  {blocker.scaffold}@{blocker.path}: {blocker.what}{f' ({where})' if where else ''}"
    if blocker.param:
        answer = f"{blocker.param}: {{value: …, source: user}}"
        yield f'    Answer it in .idp/params.yaml: nodes: {{"{blocker.scaffold}@{blocker.path}": {{{answer}}}}}'


def _proof(proof: Proof, confirms: Sequence[str]) -> Iterator[str]:
    risen = "every unit that a step is about rises in the rescan (P5)" if proof.rises else "the rescan DOES NOT RISE"
    yield f"Proof: P{proof.level} ({PROOF_LEVELS[proof.level]}), and {risen}."
    for level in range(1, 5):
        checks = [c for c in proof.checks if c.level == level]
        if not checks:
            yield f"  P{level} {PROOF_LEVELS[level]}: not shown, the scaffold names no validator"
        for name in dict.fromkeys(c.validator for c in checks):
            own = [c for c in checks if c.validator == name]
            passed = sum(c.result == "pass" for c in own)
            yield f"  P{level} {PROOF_LEVELS[level]}: {name} passed {passed} of {len(own)} files"
            yield from (f"    {c.path}: {c.result.upper()}: {c.detail}" for c in own if c.result != "pass")
    over = f"declared, over the {len(proof.units)} units that were there before"
    yield f"  subject: {_levels(proof.before)} → {_levels(proof.after)} ({over})"
    for change in proof.units:
        if change.before != change.after:
            yield f"    {change.unit}: {_levels(change.before)} → {_levels(change.after)}"
    for fixed in proof.fixed:
        yield f"    {fixed.rule} of {fixed.unit}: {'fixed' if fixed.result == 'met' else f'still {fixed.result}'}"
    yield from (f"  new unit: {unit}" for unit in proof.appeared)
    yield from (f"  TROUBLE: {trouble}" for trouble in proof.troubles)
    if confirms:
        yield "The confirmed level rises with:"
    yield from (f"  {line}" for line in confirms)


def _levels(levels: tuple[int, int]) -> str:
    low, high = levels
    return str(low) if low == high else f"{low} to {high}"


def _at(at: Location) -> str:
    return f"{at.path}:{at.line}" if at.path else "the clone"


def _safe(text: str) -> str:
    """Without the control characters that paths of others may hold."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "�", text) + "\n"
