"""A rule's condition: CEL over the fields of one fact kind.

Each field is declared with its type, so a field that the kind does not have, or a comparison that cannot hold, is
refused when the rule is loaded. A field whose value the collector could not determine is left out of the
evaluation; CEL then answers unknown exactly where that value decides (`true || unknown` is true).
Source: CEL's language definition (https://github.com/google/cel-spec/blob/master/doc/langdef.md).
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from assess.model.fact import FACT_KINDS, Fact
from assess.spec.strict import near_miss

_SKIPPED = {"at"}


class Unknown(Exception):
    """The condition hangs on a value that could not be determined."""


class Condition:
    """A compiled condition over one fact kind."""

    def __init__(self, text: str, kind: str) -> None:
        self.text, self.kind = text, kind
        self._names = tuple(vocabulary(kind))
        try:
            self._expression = _environment(kind).compile(text)
        except RuntimeError as error:
            raise ValueError(_refusal(str(error), kind)) from None
        if self._expression.return_type().name() != "BOOL":
            raise ValueError(f"the condition gives {self._expression.return_type().name()}, not true or false")

    def holds(self, fact: Fact) -> bool:
        """Whether the condition holds for a fact.

        Errors: `Unknown` where a value that could not be determined decides; ValueError for any other failure.
        """
        return self._over({name: value for name in self._names if (value := getattr(fact, name)) is not None})

    def may_hold(self, known: Mapping[str, Any]) -> bool:
        """Whether the condition may hold for a fact of which only some fields are known, by name."""
        try:
            return self._over({name: known[name] for name in self._names if name in known})
        except Unknown:
            return True

    def _over(self, known: Mapping[str, Any]) -> bool:
        try:
            result = self._expression.eval(data={f"fact.{name}": _plain(value) for name, value in known.items()})
        except RuntimeError as error:  # over the runtime's budget of iterations, which keeps a nested loop from running away
            raise ValueError(str(error)) from None
        if result.type().name() == "BOOL":
            return bool(result.value())
        message = str(result.value())
        if missing := re.search(r'No value with name "fact\.(\w+)"', message):
            raise Unknown(f"{self.kind}.{missing[1]} could not be determined")
        raise ValueError(message)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


@cache
def vocabulary(kind: str) -> Mapping[str, str]:
    """The fields of a fact kind that conditions may use, with their CEL types, in order of declaration."""
    cls = FACT_KINDS[kind]
    hints = get_type_hints(cls)
    found = {f.name: _cel_type(hints[f.name]) for f in fields(cls) if f.name not in _SKIPPED}
    return {name: text for name, text in found.items() if text}


def _cel_type(hint: Any) -> str:
    if isinstance(hint, types.UnionType) or get_origin(hint) is Union:
        hint = next(arg for arg in get_args(hint) if arg is not type(None))
    if get_origin(hint) is tuple:
        return "list(string)" if get_args(hint)[0] is str else ""
    if isinstance(hint, type) and issubclass(hint, bool):
        return "bool"
    if isinstance(hint, type) and issubclass(hint, int):
        return "int"
    return "string" if isinstance(hint, type) and issubclass(hint, str) else ""


@cache
def _environment(kind: str) -> Any:
    from cel_expr_python import cel

    types_ = {
        "bool": cel.Type.BOOL,
        "int": cel.Type.INT,
        "string": cel.Type.STRING,
        "list(string)": cel.Type.List(cel.Type.STRING),
    }
    return cel.NewEnv(variables={f"fact.{name}": types_[text] for name, text in vocabulary(kind).items()})


def _refusal(message: str, kind: str) -> str:
    if undeclared := re.search(r"undeclared reference to '(?:fact\.)?(\w+)'", message):
        return f"{kind} has no field '{undeclared[1]}'{near_miss(undeclared[1], vocabulary(kind))}"
    return message.removeprefix("INVALID_ARGUMENT: ").splitlines()[0]
