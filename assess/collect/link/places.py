"""Paths looked up by the directories around them, so that a join costs what it finds and not what there is."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Generic, TypeVar

from assess.model.unit import within

T = TypeVar("T")
_TEMPLATED = re.compile(r"\{\{[^{}]*\}\}")
_PREFIXED = re.compile(r"\*\w[\w.-]*/")


def normal(path: str) -> str:
    """A path as the keys of a look-up have it: without `./` and a slash at its end."""
    return path.removeprefix("./").rstrip("/") or "."


def above(path: str) -> list[str]:
    """A path and every directory around it, the outermost first; the root is `.`."""
    if path in (".", ""):
        return ["."]
    parts = path.split("/")
    return [".", *("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))]


def fits(path: str, pattern: str) -> bool:
    """Whether a path is what a pattern names, or lies below it; `*` and `{{ }}` stand for a part of a name.

    What is glued to the front, as in `{{basepath}}addons/core`, may be directories that end with a slash of their own.
    """
    if "*" not in pattern and "{{" not in pattern:
        return within(path, pattern)
    pattern = _TEMPLATED.sub("*", pattern)
    depth, parts = pattern.count("/") + 1, path.split("/")
    starts = range(1, len(parts) - depth + 1) if prefixed(pattern) else ()
    return fnmatchcase("/".join(parts[:depth]), pattern) or any(
        fnmatchcase("/".join(parts[start : start + depth]), pattern[1:]) for start in starts
    )


def prefixed(pattern: str) -> bool:
    """Whether a pattern begins with what may be whole directories, and goes on with at least two names."""
    return bool(_PREFIXED.match(_TEMPLATED.sub("*", pattern)))


def fixed(pattern: str) -> str:
    """The longest directory of a pattern that is none itself; `.` where there is none."""
    parts = _TEMPLATED.sub("*", pattern).split("/")
    first = next((i for i, part in enumerate(parts) if any(c in part for c in "*?[")), len(parts))
    return "/".join(parts[:first]) or "."


class Patterns(Generic[T]):
    """Values by the patterns of the paths that they are about."""

    def __init__(self) -> None:
        self._exact: dict[str, list[tuple[int, T]]] = defaultdict(list)
        self._open: dict[str, list[tuple[int, str, T]]] = defaultdict(list)
        self._count = 0

    def add(self, pattern: str, value: T) -> None:
        """Takes a value in."""
        if "*" in pattern or "{{" in pattern:
            self._open[fixed(pattern)].append((self._count, pattern, value))
        else:
            self._exact[pattern or "."].append((self._count, value))
        self._count += 1

    def of(self, path: str) -> list[T]:
        """The values whose pattern fits a path, in the order they were added."""
        found: list[tuple[int, T]] = []
        for directory in above(path):
            found += self._exact.get(directory, ())
            found += [(order, value) for order, pattern, value in self._open.get(directory, ()) if fits(path, pattern)]
        return [value for _, value in sorted(found, key=lambda one: one[0])]


class Tree:
    """Paths in the order of a tree walk."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._keys = sorted(f"{path}/" for path in set(paths))

    def fitting(self, pattern: str) -> list[str]:
        """The paths that a pattern fits."""
        return [path for path in self._around(pattern) if fits(path, pattern)]

    def __contains__(self, pattern: str) -> bool:
        """Whether a pattern fits one of the paths."""
        return any(fits(path, pattern) for path in self._around(pattern))

    def _around(self, pattern: str) -> Iterable[str]:
        directory = fixed(pattern) if "*" in pattern or "{{" in pattern else pattern
        if directory in (".", ""):
            start, prefix = 0, ""
        else:
            prefix = f"{directory}/"
            start = bisect_left(self._keys, prefix)
        for index in range(start, len(self._keys)):
            if not self._keys[index].startswith(prefix):
                return
            yield self._keys[index][:-1]
