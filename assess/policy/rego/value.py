"""Rego values in Python: JSON, and the two things that JSON does not have: sets, and a number's own text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

MAX_DEPTH = 500


class Undefined(Exception):
    """A builtin that has no value for its operands. OPA goes on without one, and so do we."""


class Missing(Exception):
    """Something of OPA's that this process does not do the same way: an error of the engine, never a guess."""


class RegoSet(tuple[Any, ...]):
    """A set, in the order in which it was written; `ordered` gives Rego's."""


class Real(float):
    """A number with a fraction or an exponent, and how it was written: `1e3` prints as that inside a term."""

    text: str

    def __new__(cls, text: str) -> Real:
        """The number that a text stands for."""
        made = super().__new__(cls, text)
        made.text = text
        return made


def text(value: Any) -> str:
    """A string. Errors: Undefined for anything else."""
    if not isinstance(value, str):
        raise Undefined
    return value


def whole(value: Any) -> int:
    """A whole number; `1.0` is one. Errors: Undefined for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or value in _INFINITE or value != int(value):
        raise Undefined
    return int(value)


def read(dump: str) -> Any:
    """The value that a text in Rego's own syntax stands for. Errors: Missing for objects whose keys are no strings."""
    try:
        return _JSON.decode(dump)
    except json.JSONDecodeError:
        value, end = _term(dump, 0, 0)
        if end != len(dump):
            raise Missing("a value that cannot be read") from None
        return value
    except (RecursionError, ValueError):
        raise Missing("a value that is too deep or a number that is too long") from None


def written(value: Any) -> str:
    """The text of a value in Rego's syntax, as OPA prints a term: keys and members in Rego's order."""
    if isinstance(value, RegoSet):
        return "{" + ", ".join(map(written, ordered(value))) + "}" if value else "set()"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_quoted(key)}: {written(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, str):
        return _quoted(value)
    return value.text if isinstance(value, Real) else json.dumps(value)


def encoded(value: Any) -> str:
    """The text of a value as a compiled module reads it: JSON, and sets in braces."""
    if isinstance(value, RegoSet):
        return "{" + ",".join(map(encoded, value)) + "}" if value else "set()"
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(key)}:{encoded(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(encoded, value)) + "]"
    return value.text if isinstance(value, Real) else json.dumps(value)


def ordered(values: Iterable[Any]) -> list[Any]:
    """Values in Rego's order: null, booleans, numbers, strings, arrays, objects, sets."""
    return sorted(values, key=_rank)


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal in Rego, where `1` is `1.0`, but not `true`."""
    return bool(_rank(one) == _rank(other))


def _rank(value: Any) -> tuple[Any, ...]:
    if value is None or isinstance(value, bool):
        return (0 if value is None else 1, bool(value))
    if isinstance(value, int | float):
        return (2, value)
    if isinstance(value, str):
        return (3, value.encode("utf-8", "surrogatepass"))
    if isinstance(value, RegoSet):
        return (6, [_rank(item) for item in ordered(value)])
    if isinstance(value, Mapping):
        pairs = sorted((_rank(key), _rank(item)) for key, item in value.items())
        return (5, pairs)
    return (4, [_rank(item) for item in value])


_INFINITE = (float("inf"), float("-inf"))
_JSON = json.JSONDecoder(parse_float=Real, strict=False)
_BARE = re.compile(r"-?\.[0-9]+(?:[eE][+-]?[0-9]+)?")
"""Rego reads a number that begins with its point, and JSON does not."""
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\a": "\\a", "\b": "\\b", "\f": "\\f", "\v": "\\v"}


def _quoted(text: str) -> str:
    """As Go's strconv.Quote. Source: https://pkg.go.dev/strconv#Quote."""
    return '"' + "".join(_ESCAPES.get(c) or (c if c.isprintable() else _escape(ord(c))) for c in text) + '"'


def _escape(code: int) -> str:
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _term(text: str, at: int, depth: int) -> tuple[Any, int]:
    """One value of the dump, and where it ends."""
    if depth > MAX_DEPTH:
        raise Missing("a value that is too deep")
    if text.startswith("set()", at):
        return RegoSet(), at + 5
    if text[at : at + 1] == "[":
        items, _, end = _members(text, at + 1, "]", depth)
        return items, end
    if text[at : at + 1] == "{":
        items, values, end = _members(text, at + 1, "}", depth)
        if values is None:
            return RegoSet(items), end
        if not all(isinstance(key, str) for key in items):
            raise Missing("an object whose keys are no strings")
        return dict(zip(items, values, strict=True)), end
    if number := _BARE.match(text, at):
        return Real(number[0]), number.end()
    try:
        return _JSON.raw_decode(text, at)
    except ValueError:
        raise Missing("a value that cannot be read") from None


def _members(text: str, at: int, close: str, depth: int) -> tuple[list[Any], Sequence[Any] | None, int]:
    """The members up to a bracket; with the values behind their colons where there are any. Two braces are an empty object."""
    items: list[Any] = []
    values: list[Any] = []
    while text[at : at + 1] != close:
        item, at = _term(text, at, depth + 1)
        items.append(item)
        if text.startswith(":", at):
            value, at = _term(text, at + 1 + text.startswith(": ", at), depth + 1)
            values.append(value)
        if text.startswith(",", at):
            at += 1 + text.startswith(", ", at)
        elif text[at : at + 1] != close:
            raise Missing("a value that cannot be read")
    return items, values if values or (close == "}" and not items) else None, at + 1
