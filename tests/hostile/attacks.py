"""Texts made from regular expressions that make one that backtracks do so: something it takes, repeated, and no end to it."""

from __future__ import annotations

import ast
import pkgutil
import re
import re._constants as sre
import re._parser as parser
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

ANCHORED = {"match", "fullmatch"}
FEW = 16
"""Up to how many times something may be repeated and count as bounded."""
_CATEGORIES = {
    sre.CATEGORY_SPACE: " ", sre.CATEGORY_DIGIT: "1", sre.CATEGORY_WORD: "a", sre.CATEGORY_NOT_SPACE: "a", sre.CATEGORY_NOT_WORD: " ",
    sre.CATEGORY_NOT_DIGIT: "a",
}  # fmt: skip
_SAMPLES = "a 1-.\"'/=:\n{"


@dataclass(frozen=True)
class Pattern:
    """A regular expression of the product: where it stands, and whether it is tried at the start of a text only."""

    where: str
    source: str | bytes
    flags: int
    anchored: bool

    def compiled(self) -> re.Pattern[Any]:
        return re.compile(self.source, self.flags)


def patterns(package: str) -> list[Pattern]:
    """Every regular expression of a package, each once: the literals in its source, and what its modules hold compiled."""
    found: dict[tuple[str | bytes, int], Pattern] = {}
    root = import_module(package)
    for info in pkgutil.walk_packages(root.__path__, f"{package}."):
        module = import_module(info.name)
        text = Path(str(module.__file__)).read_text()
        for pattern in (*_in_file(ast.parse(text), text, info.name), *_held(module, text)):
            known = found.setdefault((pattern.source, pattern.flags), pattern)
            if known.anchored and not pattern.anchored:
                found[pattern.source, pattern.flags] = pattern
    return list(found.values())


def _held(module: ModuleType, text: str) -> Iterator[Pattern]:
    """The compiled expressions among a module's values, in its tuples and tables too; most were put together from pieces."""
    for name, value in vars(module).items():
        used = set(re.findall(rf"\b{name}\.(\w+)", text))
        for inside in _inside(value, 3):
            yield Pattern(f"{module.__name__}.{name}", inside.pattern, inside.flags & ~re.UNICODE, bool(used) and used <= ANCHORED)


def _inside(value: Any, depth: int) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, list | tuple | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _inside(one, depth - 1)


def _in_file(tree: ast.Module, text: str, where: str) -> Iterator[Pattern]:
    names = {
        id(node.value): node.targets[0].id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "re" and node.args):
            continue
        try:
            source = ast.literal_eval(node.args[0])
        except ValueError:
            continue
        method = node.func.attr
        used = set(re.findall(rf"\b{names[id(node)]}\.(\w+)", text)) if id(node) in names else {"search"}
        anchored = method in ANCHORED or (method == "compile" and bool(used) and used <= ANCHORED)
        if isinstance(source, str | bytes) and method != "escape":
            yield Pattern(f"{where}:{node.lineno}", source, _flags([*node.args[1:], *(k.value for k in node.keywords)]), anchored)


def _flags(arguments: Iterable[ast.expr]) -> int:
    names = [name for argument in arguments for name in re.findall(r"\bre\.([A-Z]+)\b", ast.unparse(argument))]
    return int(sum({getattr(re, name) for name in names}))


def attacks(source: str | bytes, flags: int = 0) -> list[tuple[str, str]]:
    """Pairs of a beginning and what to repeat after it, for every repetition in a regular expression."""
    repeats: list[tuple[str, str]] = []
    text = source.decode("latin-1") if isinstance(source, bytes) else source
    whole = _matching(parser.parse(text, flags), repeats)
    made = [("", whole), ("", f"{whole} ")]
    for before, unit in repeats:
        made += [(before, unit), ("", before + unit), ("", before), ("", f"{before} "), ("", f"{before}a")]
    return list(dict.fromkeys((before, unit) for before, unit in made if unit))


def _matching(parts: Any, repeats: list[tuple[str, str]]) -> str:
    """A text that the parts of an expression take; `repeats` is given the text before, and one turn, of every repetition."""
    text = ""
    for kind, value in parts:
        inner: list[tuple[str, str]] = []
        taken = _taken(kind, value, inner)
        repeats += [(text + before, unit) for before, unit in inner]
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            least, most, body = value
            if most > FEW:
                repeats += [(text, taken), *((text, one) for one in _turns(body))]
            taken *= least
        if kind is not sre.ASSERT:
            text += taken
    return text


def _taken(kind: Any, value: Any, repeats: list[tuple[str, str]]) -> str:
    """One turn of a part; of several branches the first."""
    if kind is sre.LITERAL:
        return chr(value)
    if kind is sre.NOT_LITERAL:
        return "b" if value == ord("a") else "a"
    if kind is sre.IN:
        return _members(value)[0]
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        return _matching(value[2], repeats)
    if kind is sre.SUBPATTERN:
        return _matching(value[3], repeats)
    if kind is sre.BRANCH:
        taken = [_matching(branch, repeats) for branch in value[1]]
        return taken[0]
    if kind in (sre.ASSERT, sre.ATOMIC_GROUP):
        return _matching(value[1] if kind is sre.ASSERT else value, repeats)
    return "" if kind in (sre.AT, sre.ASSERT_NOT) else "a"


def _turns(body: Any) -> list[str]:
    """Each sort of turn that a repetition of one class, or of one choice, may take."""
    if len(body) != 1:
        return []
    kind, value = body[0]
    if kind is sre.SUBPATTERN:
        return _turns(value[3])
    if kind is sre.BRANCH:
        return [_matching(branch, []) for branch in value[1]]
    return _members(value) if kind is sre.IN else []


def _members(members: Any) -> list[str]:
    """One character for each member of a class; for an excluding class one that is not excluded."""
    if members[0][0] is sre.NEGATE:
        excluding = re.compile("[^" + "".join(_written(kind, value) for kind, value in members[1:]) + "]")
        return [next((one for one in _SAMPLES if excluding.match(one)), "~")]
    one_of = {
        sre.LITERAL: lambda value: chr(value),
        sre.RANGE: lambda value: chr(value[0]),
        sre.CATEGORY: lambda value: _CATEGORIES.get(value, "a"),
    }
    return [one_of[kind](value) for kind, value in members]


def _written(kind: Any, value: Any) -> str:
    if kind is sre.CATEGORY:
        return {"SPACE": r"\s", "DIGIT": r"\d", "WORD": r"\w", "NOT_SPACE": r"\S", "NOT_DIGIT": r"\D", "NOT_WORD": r"\W"}[str(value)[9:]]
    return re.escape(chr(value)) if kind is sre.LITERAL else f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
