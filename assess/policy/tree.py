"""One commit as the engines see it: the files that count as use, and which of them a change touched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from posixpath import dirname

from assess.collect.git.classify import Classification
from assess.collect.git.repository import MAX_PATH_DEPTH, Entry, Repository
from assess.model import address
from assess.model.gap import Gap, GapReason
from assess.model.target import Location
from assess.policy.paths import Paths
from assess.spec.estate import Estate


@dataclass(frozen=True)
class Tree:
    """A repository at one commit.

    touched: the paths that differ from the other side of the change; None means that everything is asked about.
    links: touched paths that are symbolic links or submodules here: their content is not in this tree.
    """

    repository: Repository
    touched: frozenset[str] | None = None
    links: frozenset[str] = frozenset()
    estate: Estate = field(default_factory=Estate)

    @property
    def label(self) -> str:
        """The target's name in reports."""
        return self.repository.label

    @cached_property
    def scope(self) -> str:
        """What fingerprints call the repository: its address where it has one, for directories are named at will.

        The same over https as over ssh: a waiver made in a developer's clone counts in the pipeline's.
        """
        remote = self.repository.target.remote
        found = address.parse(remote) if remote else None
        return found.key if found and found.host else remote or self.label

    @cached_property
    def entries(self) -> Paths:
        """Every file of the commit, by path."""
        return Paths(self.repository)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Directories whose files are not known. Of a change, what it touches in a directory that lies too deep to look into."""
        if self.touched is None:
            return tuple(self.entries.inventory.gaps)
        deep = [path for path in sorted(self.touched) if path.count("/") >= MAX_PATH_DEPTH and self.entries.is_folder(path)]
        what = f"nested deeper than {MAX_PATH_DEPTH} directories"
        return tuple(Gap(at=self.at(path), reason=GapReason.TRUNCATED, what=what) for path in deep)

    def counts(self, path: str) -> bool:
        """Whether a file is in use: tests, examples, vendored and other trees of `classify` are set aside."""
        if self.touched is not None and (role := self._near(path)) is not None:
            return not role
        return not self._classification.role(path)

    def _near(self, path: str) -> str | None:
        """The role of a file by what lies beside it and beside its directories; None where that does not say it.

        Whether examples are all that a repository holds, and what a template in a program's source holds, is said by all paths.
        """
        directory = dirname(path)
        if directory not in self._beside:
            parents = ["", *accumulate(directory.split("/"), "{}/{}".format)] if directory else [""]
            names = [entry.path for parent in parents for entry in self.entries.files(parent)]
            names += [f"{folder}/-" for parent in parents for folder in self.entries.folders(parent)]
            self._beside[directory] = Classification.near(self.label, names, *self._said)
        role = self._beside[directory].role(path)
        return None if role == "example" or (role in ("", "skeleton") and "src" in directory.split("/")) else role

    @cached_property
    def _beside(self) -> dict[str, Classification]:
        return {}

    def asked(self) -> Iterator[Entry]:
        """The files to check: those touched, or all; set-aside ones are left out by the engine, after it looked at the name."""
        if self.touched is None:
            yield from self.entries.values()
        else:
            yield from (self.entries[path] for path in sorted(self.touched) if path in self.entries)

    def directories(self, names: re.Pattern[str]) -> Iterator[tuple[str, list[Entry]]]:
        """The directories in which a file of these names is asked about, each with all such files that it holds."""
        if self.touched is not None:
            for directory in sorted({dirname(path) for path in self.touched if names.search(path)}):
                if found := [entry for entry in self.entries.files(directory) if names.search(entry.path)]:
                    yield directory, found
            return
        within: dict[str, list[Entry]] = {}
        for path, entry in self.entries.items():
            if names.search(path):
                within.setdefault(dirname(path), []).append(entry)
        yield from sorted(within.items())

    def blob(self, entry: Entry) -> bytes | Gap:
        """A file's content, or why there is none."""
        return self.repository.blob(entry)

    def at(self, path: str, line: int = 0) -> Location:
        """A place in this tree."""
        return Location(target=self.label, path=path, line=line)

    @cached_property
    def _classification(self) -> Classification:
        return Classification(self.label, self.entries, *self._said)

    @cached_property
    def _said(self) -> tuple[list[str], dict[str, str]]:
        """What the estate file says of paths: those in use, and those set aside with the reason."""
        prefix = f"{self.label}/"
        exclude = {e.path.removeprefix(prefix): e.reason for e in self.estate.exclude if e.path.startswith(prefix)}
        return [pattern.removeprefix(prefix) for pattern in self.estate.use if pattern.startswith(prefix)], exclude
