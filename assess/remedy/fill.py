"""Parameters filled: from a person's answer, from evidence, from a default; each keeps where it comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assess.model.target import Location
from assess.remedy.evidence import Ask, Blocked, Evidence, forge_of
from assess.remedy.readers import READERS
from assess.spec.scaffold import Param
from assess.spec.strict import near_miss

_ROOT = re.compile(r"\.|[A-Za-z0-9_][A-Za-z0-9_./@ -]*")

_FORMS: dict[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "flag": lambda value: isinstance(value, bool),
    "texts": lambda value: isinstance(value, list) and all(isinstance(part, str) for part in value),
    "records": lambda value: isinstance(value, list) and all(isinstance(part, dict) for part in value),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """One parameter with its value. source: evidence, user or default; at: the places of the evidence."""

    name: str
    says: str
    value: Any
    source: str
    at: tuple[Location, ...] = ()
    note: str = ""
    """Who says so, where it is a default."""


class Stopped(Exception):
    """A parameter that cannot be filled; `param` names it where an answer is all that is missing."""

    def __init__(self, what: str, at: Sequence[Location] = (), param: str = "") -> None:
        super().__init__(what)
        self.at, self.param = tuple(at), param


def fill(params: Sequence[Param], evidence: Evidence, answers: Mapping[str, Any]) -> tuple[Filled, ...]:
    """The parameters in their order; a later one may build on an earlier one's value.

    Errors: Stopped for a question that nobody answered, a value that the files must not hold, or an unknown answer.
    """
    known = [param.name for param in params]
    for name in answers:
        if name not in (*known, "forge"):
            raise Stopped(f".idp/params.yaml answers '{name}', which is no parameter{near_miss(name, known)}", (), name)
    if not _ROOT.fullmatch(evidence.unit.path):
        what = f"The path {evidence.unit.path!r} cannot be written into a workflow safely; rename the directory."
        raise Stopped(what, [evidence.unit.at])
    filled: list[Filled] = []
    for param in params:
        one = _fill(param, replace(evidence, answers={f.name: f.value for f in filled}), answers)
        _check(param, one)
        filled.append(one)
    return tuple(filled)


def forge(answers: Mapping[str, Any], evidence: Evidence, default: str) -> Filled:
    """Where pipelines run: the parameter that chooses a scaffold's variant."""
    says = "Where pipelines run."
    if "forge" in answers:
        return Filled(name="forge", says=says, value=answers["forge"], source="user")
    if found := forge_of(evidence):
        return Filled(name="forge", says=says, value=found.value, source="evidence", at=found.at)
    return Filled(name="forge", says=says, value=default, source="default", note="nothing in the repository says otherwise")


def _fill(param: Param, evidence: Evidence, answers: Mapping[str, Any]) -> Filled:
    if param.name in answers:
        return Filled(name=param.name, says=param.says, value=answers[param.name], source="user")
    try:
        found = READERS[param.evidence](evidence) if param.evidence else None
    except Ask as question:
        raise Stopped(str(question), question.at, param.name) from None
    except Blocked as why:
        raise Stopped(str(why), why.at) from None
    if found is not None:
        source, note = ("evidence", "") if found.at else ("default", found.note or "nothing in the repository says otherwise")
        return Filled(name=param.name, says=param.says, value=found.value, source=source, at=found.at, note=note)
    if param.default is None:
        raise Stopped(f"Nothing in the repository says it: {param.says}", (), param.name)
    return Filled(name=param.name, says=param.says, value=param.default.value, source="default", note=param.default.source)


def _check(param: Param, filled: Filled) -> None:
    """Refuse what a template must not be given: an expression, a control character, or a text outside the pattern."""
    if not _FORMS[param.form](filled.value):
        raise Stopped(f"`{param.name}` is {filled.value!r}, which is no {param.form}.", filled.at, param.name)
    for text in _texts(filled.value):
        if "${{" in text or re.search(r"[\x00-\x1f\x7f\u0085\u2028\u2029]", text):
            raise Stopped(f"`{param.name}` is {text!r}, which cannot be written into a workflow safely.", filled.at, param.name)
        if param.pattern and not re.fullmatch(param.pattern, text):
            raise Stopped(f"`{param.name}` is {text!r}, which does not fit {param.pattern}.", filled.at, param.name)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
