"""What a change touched: paths that differ between two trees, by id alone, and whether they are operated from here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from posixpath import dirname, splitext

from assess.collect.git.aims import OPERATIONS
from assess.collect.git.classify import Classification
from assess.collect.git.commits import Read
from assess.collect.git.purpose import DELIVERABLE
from assess.model.fact import Definition, Dockerfile, Fact, HelmChart, Kustomization, Procedure, TerraformModule, TerraformRoot

MAX_PATHS = 1_000
"""Paths of one change that are looked at; a change of more is a move or a vendoring, and is judged by these."""
MAX_DEPTH = 60
_TREE_COST = 40
"""What reading one tree costs, in entries of one."""
_CACHED = 60_000
"""Entries of parsed trees that are kept: the older side of a change is the newer side of the one before it."""
_ENTRY = re.compile(rb"[0-7]{5,6} [^\0]{1,4096}\0.{20}", re.S)
_WHOLE: tuple[type[Fact], ...] = (TerraformRoot, TerraformModule, HelmChart, Kustomization, Definition)
"""Facts that stand for a directory with all that is in it."""
_MUTATES = {"apply", "deploy", "configure", "operate", "host", "publish"}
Entries = frozenset[bytes]
"""The entries of a tree, each as the tree has it: mode, name and id; only those that differ are taken apart."""


class Spent(Exception):
    """The allowance for looking into changes is used up."""


class Trees:
    """Differences between trees, until an allowance is spent. allowance: entries of trees that may be read."""

    def __init__(self, read: Read, allowance: int) -> None:
        self._read, self.allowance = read, allowance
        self._known: dict[bytes, Entries] = {}
        self._kept = 0

    def changed(self, old: bytes | None, new: bytes, prefix: str = "", depth: int = 0) -> Iterator[str]:
        """The paths of the files that differ, in the order of names. old: None for a commit without parents.

        Errors: Spent; KeyError and GitError where a tree is absent or damaged.
        """
        before, after = self._entries(old), self._entries(new)
        sides: dict[bytes, list[bytes]] = {}
        for entry in before ^ after:
            sides.setdefault(entry[entry.index(b" ") + 1 : -21], []).append(entry)
        for name in sorted(sides):
            trees = {entry in after: entry[-20:] for entry in sides[name] if entry.startswith((b"40000 ", b"040000 "))}
            path = prefix + name.decode("utf-8", "backslashreplace")
            if len(trees) < len(sides[name]):
                yield path
            if trees and depth < MAX_DEPTH:
                yield from self._below(trees.get(False), trees.get(True), f"{path}/", depth + 1)

    def _below(self, old: bytes | None, new: bytes | None, prefix: str, depth: int) -> Iterator[str]:
        if new is not None:
            yield from self.changed(old, new, prefix, depth)
        elif old is not None:
            yield from self.changed(None, old, prefix, depth)

    def _entries(self, tree: bytes | None) -> Entries:
        if tree is None:
            return frozenset()
        if tree in self._known:
            return self._known[tree]
        if self.allowance <= 0:
            raise Spent
        found = frozenset(_ENTRY.findall(self._read(tree, "tree")))
        self.allowance -= _TREE_COST + len(found)
        if self._kept > _CACHED:
            self._known.clear()
            self._kept = 0
        self._known[tree] = found
        self._kept += len(found)
        return found


class Operated:
    """Which paths are operated from a repository, by today's facts: the files that made them, and the directories they stand for.

    Where operating is what the repository is for, every file that its purpose was weighed by counts; nothing that
    classification sets aside does.
    """

    def __init__(self, facts: Iterable[Fact], classification: Classification, purpose: str) -> None:
        self._counts, self._all = classification.counts, purpose == "operations"
        self._files: set[str] = set()
        self._directories: set[str] = set()
        for fact in facts:
            if isinstance(fact, Procedure):
                if any(command.does in _MUTATES for command in fact.commands):
                    self._files.add(fact.at.path)
            elif isinstance(fact, DELIVERABLE) and not isinstance(fact, Dockerfile):
                self._files.add(fact.at.path)
                if isinstance(fact, _WHOLE) and fact.path not in ("", "."):
                    self._directories.add(fact.path)
        self._known: dict[str, bool] = {}

    def __call__(self, path: str) -> bool:
        """Whether a change of this path is a change of what is operated."""
        found = self._known.get(path)
        if found is None:
            found = self._known[path] = self._counts(path) and self._holds(path)
        return found

    def _holds(self, path: str) -> bool:
        if path in self._files:
            return True
        if self._all and splitext(path)[1].lower() in OPERATIONS and not path.startswith((".github/", ".gitlab/")):
            return True
        directory = dirname(path)
        while directory:
            if directory in self._directories:
                return True
            directory = dirname(directory)
        return False
