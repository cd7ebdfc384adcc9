"""`regex.*` that WebAssembly does not have natively, over RE2: the syntax of Go's regexp, in time linear in the text."""

from __future__ import annotations

import re
from typing import Any

from assess.policy.rego.value import Missing, Undefined, text, whole

MAX_MATCHES = 1_000_000


def find_n(pattern: Any, value: Any, number: Any) -> list[str]:
    """The first so many matches; all for a negative number."""
    found, n = _matches(pattern, text(value)), whole(number)
    return [match[0] for match in (found if n < 0 else found[:n])]


def split(pattern: Any, value: Any) -> list[str]:
    """The parts of a text between matches. Source: https://pkg.go.dev/regexp#Regexp.Split."""
    found = _matches(pattern, text(value))
    if pattern and not value:
        return [""]
    parts, start, end = [], 0, 0
    for match in found:
        end = match.start()
        if match.end():
            parts.append(value[start:end])
        start = match.end()
    return [*parts, value[start:]] if end != len(value) else parts


def replace(value: Any, pattern: Any, replacement: Any) -> str:
    """A text with its matches replaced. Source: https://pkg.go.dev/regexp#Regexp.Expand."""
    parts, at = [], 0
    text(replacement)
    for match in _matches(pattern, text(value)):
        parts += [value[at : match.start()], _expanded(replacement, match)]
        at = match.end()
    return "".join([*parts, value[at:]])


def _expanded(template: str, match: Any) -> str:
    def put(slot: re.Match[str]) -> str:
        if slot[0] == "$$":
            return "$"
        name = slot[1] or slot[2]
        if re.fullmatch("[0-9]+", name):
            return (match[int(name)] or "") if int(name) <= match.re.groups else ""
        return (match[name] or "") if name in match.re.groupindex else ""

    return re.sub(r"\$\$|\$(?:\{([0-9A-Za-z_]+)\}|([0-9A-Za-z_]+))", put, template, flags=re.ASCII)


def _matches(pattern: Any, value: str) -> list[Any]:
    """All matches, as Go finds them: an empty one not right behind another. RE2 takes time that is linear in the text."""
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(text(pattern), options=options)
    except re2.error:
        raise Undefined from None
    found: list[Any] = []
    for match in compiled.finditer(value):
        if match.end() == match.start() and found and found[-1].end() == match.start():
            continue
        found.append(match)
        if len(found) > MAX_MATCHES:
            raise Missing(f"regex: more than {MAX_MATCHES} matches")
    return found
