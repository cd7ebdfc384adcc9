"""Expressions in paths and names, and what is put in for them where a text says it: loops, matrices, inputs, variables.

Only constants are put in. What stays open keeps its expression, and whoever reads it takes it for anything that fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import TypeVar

from assess.collect.git.paths import join
from assess.model.fact import Call, Command

Row = Mapping[str, str]
"""Names with one value each, as an expression names them: `DIR`, `inputs.dir`, `matrix.dir`."""
MAX_ROWS = 256
"""Values of a matrix or a loop that are told apart; of more, the expression stays open."""
_NAME = re.compile(
    r"\$\{\{\s*([\w.-]+)\s*\}\}|\$\[\[\s*([\w.-]+)\s*\]\]|\$\{([A-Za-z_]\w*)\}|\$\(([A-Za-z_][\w.]*)\)|\$(?:env:)?([A-Za-z_]\w*)"
)
_OPEN = re.compile(r"\$\{\{.{0,400}?\}\}|\$\[\[.{0,400}?\]\]|\$\([^)]{0,400}\)|\$\{[^}]{0,400}\}|\$\w+|`[^`]{0,400}`")
_PLAIN = re.compile(r"[\w.@+=:,-]*(?:/[\w.@+=:,-]*)*")
_Found = TypeVar("_Found", Command, Call)


def names(text: str) -> set[str]:
    """The names that the expressions of a text ask for."""
    return {next(filter(None, match.groups())) for match in _NAME.finditer(text)} if "$" in text else set()


def filled(text: str, known: Row) -> str:
    """A text with the known names put in; the other expressions stay as written."""

    def value(match: re.Match[str]) -> str:
        return known.get(next(filter(None, match.groups())), match[0])

    for _ in range(3):  # a value may itself be an expression
        before, text = text, _NAME.sub(value, text)
        if text == before:
            break
    return text


def starred(name: str) -> str:
    """A name in which every expression stands as `*`."""
    return _OPEN.sub("*", name)


def is_plain(value: str) -> bool:
    """Whether a value is a word or a path without anything that is still to be evaluated."""
    return 0 < len(value) <= 200 and bool(_PLAIN.fullmatch(value))


def bound(found: _Found, known: Row) -> _Found:
    """A command or call with the known names put into its path, name and what it passes on."""
    if not known or not asks(found):
        return found
    if isinstance(found, Command):
        return _command(found, known)
    written = filled(found.written, known) if found.written else ""
    given = tuple((name, filled(value, known)) for name, value in found.given) if found.given else ()
    if written == found.written:
        return replace(found, given=given) if given != found.given else found
    head, mark, target = written.partition("#")
    kind, colon, place = head.rpartition(":")
    return replace(
        found, name=starred(f"{kind}{colon}{_placed(place)}{mark}{target}"), written=written if "$" in written else "", given=given
    )


def _command(command: Command, known: Row) -> Command:
    sends = filled(command.sends, known) if "$" in command.sends else command.sends
    if sends != command.sends:
        command = replace(command, sends=sends)
    written = filled(command.written, known)
    if written == command.written:
        return command
    path = _placed(written)
    return replace(command, path=path, written=written if "$" in written else "", resolved=not re.search(r"[$`{}<]", path))


def _placed(written: str) -> str:
    """The path that `Command.written` means by now."""
    *bases, last = written.split("//")
    if last.startswith(("$", "`", "{", "/", "~")) or not bases:
        return join(".", last)
    return join("/".join(bases), last)


def each(found: Iterable[_Found], rows: Sequence[Row]) -> Iterator[_Found]:
    """The commands or calls, one that asks for names of the rows once for each of their values."""
    known = {name for row in rows for name in row}
    for one in found:
        if known and names(asks(one)) & known:
            yield from dict.fromkeys(bound(one, row) for row in rows)
        else:
            yield one


def asks(one: Command | Call) -> str:
    """The texts of a command or call in which expressions may stand."""
    if isinstance(one, Call):
        return " ".join([one.written, *(value for _, value in one.given)]).strip()
    return f"{one.written} {one.sends}" if "$" in one.sends else one.written


def rows_of(values: Mapping[str, Sequence[str]]) -> list[Row]:
    """Every combination of the values; none where there are more than `MAX_ROWS`."""
    size = 1
    for found in values.values():
        size *= len(found)
        if size > MAX_ROWS:
            return []
    return [dict(zip(values, row, strict=True)) for row in product(*values.values())] if values and size else []
