"""One commit of one repository, read from the object database: no checkout, no filters, no hooks, no symlinks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from assess.collect.git.libgit2 import git
from assess.collect.git.opened import opened
from assess.collect.git.references import branches
from assess.collect.git.revisions import checked_out, commit_at, default_branch, remote_of
from assess.errors import IncompleteError
from assess.model.gap import Gap, GapReason
from assess.model.target import Location, Source, Target
from assess.model.web import page_of

if TYPE_CHECKING:
    import pygit2

MAX_BLOB = 4_000_000
MAX_ENTRIES = 400_000
MAX_TREE = 40_000_000
"""Bytes of one directory: `MAX_ENTRIES` names of ordinary length."""
MAX_PATH_DEPTH = 100
MAX_TAGS = 5_000

_ENTRY = re.compile(rb"([0-7]{5,6}) ([^\0]+)\0(.{20})|.+", re.S)
"""One row of a tree; else all the rest at once, so that a damaged tree is not searched from each of its bytes."""
TREE, NO_FILE = (b"40000", b"040000"), (b"120000", b"160000")
"""The modes of a directory, as git writes it and as it once did, and of symlinks and submodules."""
_VERSION = re.compile(r"\d{1,9}\.\d{1,9}\.\d{1,9}$")
_TYPES = {"commit": 1, "tree": 2, "blob": 3}  # https://git-scm.com/docs/pack-format#_object_types
_NO_FILES = {"Repository", "SetAside", "History", "AutomatedChange", "LiveWorkload", "ChangeEvent"}


@cache
def anything() -> tuple[str, ...]:
    """What a directory that was not read may hold. The kinds of facts are loaded when one is not, for a gate needs none."""
    from assess.model.fact import FACT_KINDS

    return tuple(kind for kind in FACT_KINDS if kind not in _NO_FILES)


class Entry(NamedTuple):
    """One file of the tree; a tuple, for there are many of them."""

    path: str
    oid: bytes
    executable: bool = False


@dataclass(slots=True)
class Inventory:
    """The files of one commit, with what is not a readable file told apart."""

    files: list[Entry] = field(default_factory=list)
    symlinks: int = 0
    trees: int = 0
    submodules: list[str] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


class NothingThere(IncompleteError):
    """A repository that can be read and holds no commit to read: there is nothing in it, rather than something unknown."""


class TooLargeError(KeyError):
    """An object that is larger than one of its kind may be."""


class Repository:
    """A repository opened at one commit.

    at: the newest commit of the default branch that is not after it, instead of `rev`. beside: the same repository at
    another commit, which is not opened again.
    Errors: IncompleteError where it cannot be opened, has no commit yet, or does not know the revision; NothingThere
    where there was no commit at the time asked for.
    """

    def __init__(self, path: Path, label: str, rev: str = "", at: datetime | None = None, beside: Repository | None = None) -> None:
        self.label, self.path, self._newest = label, path, not rev and at is None
        self._git: pygit2.Repository = beside._git if beside else opened(path)
        self._odb = self._git.odb
        self._branch = checked_out(self._git)
        self.commit = commit_at(self._git, rev, str(path)) if at is None else self._until(at)

    @property
    def target(self) -> Target:
        """The repository as a target, pinned to its commit."""
        remote = remote_of(self._git)
        forge, web = page_of(remote)
        return Target(
            source=Source.GIT, label=self.label, commit=str(self.commit.id), branch=self._branch, remote=remote, web=web, forge=forge
        )

    def _until(self, at: datetime) -> pygit2.Commit:
        """The newest commit of the default branch that is not after a time."""
        tip, self._branch = default_branch(self._git, str(self.path), self._branch)
        from assess.collect.git.past import newest_until

        walked = newest_until(self.read, tip.id.raw, at)
        day = f"{at:%Y-%m-%d}" if (at.hour, at.minute, at.second) == (23, 59, 59) else f"{at:%Y-%m-%dT%H:%M:%SZ}"
        if walked.commit:
            found: pygit2.Commit = self._git[git().Oid(raw=walked.commit)].peel(git().Commit)
            return found
        if walked.whole:
            raise NothingThere(f"it did not exist on {day}: its first commit is of {walked.oldest:%Y-%m-%d}", str(self.path))
        what = f"the clone is {walked.seen} commit{'s' if walked.seen != 1 else ''} deep and reaches back to {walked.oldest:%Y-%m-%d} only, not to {day}"
        fix = f"Fetch more: `git fetch --deepen={max(50, 4 * walked.seen)}` until it does, or all with `git fetch --unshallow`."
        raise IncompleteError(what, str(self.path), fix)

    @property
    def tree(self) -> bytes:
        """The id of the commit's tree."""
        return bytes(self.commit.tree_id.raw)

    @property
    def committed_at(self) -> datetime:
        """When the commit was made, in UTC."""
        return datetime.fromtimestamp(self.commit.commit_time, UTC)

    @property
    def is_shallow(self) -> bool:
        """Whether history was cut off by a shallow clone."""
        return bool(self._git.is_shallow)

    @cached_property
    def _references(self) -> list[str]:
        return list(self._git.references)

    def tags(self) -> list[str]:
        """The names of the tags that the clone knows."""
        return [name.removeprefix("refs/tags/") for name in self._references if name.startswith("refs/tags/")]

    def branches(self) -> frozenset[str] | None:
        """The branches of the repository; None where the clone may hold only some of them, or others stood then."""
        return branches(self._git, self._references) if self._newest and not self.is_shallow else None

    def versions(self) -> dict[bytes, str]:
        """The version tags by the commit that they stand on, at most `MAX_TAGS` of them; the highest name where there are several."""
        found: dict[bytes, str] = {}
        for name in sorted(self.tags())[-MAX_TAGS:]:
            if _VERSION.search(name):
                try:
                    found[self._git.references[f"refs/tags/{name}"].peel(git().Commit).id.raw] = name
                except (KeyError, ValueError, git().GitError):
                    continue
        return found

    def inventory(self) -> Inventory:
        """All files below the commit's tree, in tree order."""
        found = Inventory()
        self._walk(self.tree, "", found, 0)
        return found

    def _walk(self, tree: bytes, prefix: str, found: Inventory, depth: int) -> None:
        found.trees += 1
        if depth > MAX_PATH_DEPTH:
            found.gaps.append(self._gap(prefix, GapReason.TRUNCATED, f"nested deeper than {MAX_PATH_DEPTH} directories", blinds=anything()))
            return
        try:
            rows = self.rows(tree)
        except TooLargeError:
            found.gaps.append(
                self._gap(prefix, GapReason.TOO_LARGE, f"a directory of more than {MAX_TREE} bytes of names", blinds=anything())
            )
            return
        except (KeyError, git().GitError):
            what = "a directory is listed, but its tree is absent from the clone"
            found.gaps.append(self._gap(prefix, GapReason.MISSING_OBJECT, what, "Fetch a full clone.", anything()))
            return
        for mode, name, oid in rows:
            if len(found.files) + found.trees > MAX_ENTRIES:
                self._truncated(found)
                return
            if not mode:
                break
            path = prefix + name.decode("utf-8", "backslashreplace")
            if mode in TREE:
                self._walk(oid, path + "/", found, depth + 1)
            elif mode == b"120000":
                found.symlinks += 1
            elif mode == b"160000":
                found.submodules.append(path)
            else:
                found.files.append(Entry(path, oid, mode == b"100755"))
        if rows and not rows[-1][0]:
            what = "the tree of this directory is damaged"
            found.gaps.append(self._gap(prefix, GapReason.MISSING_OBJECT, what, "Clone again; `git fsck` names what is wrong.", anything()))

    def rows(self, tree: bytes) -> list[tuple[bytes, bytes, bytes]]:
        """Mode, name and id of what lies directly in a tree; a last one of nothing where the tree is damaged. Errors: as `read`."""
        return _ENTRY.findall(self.read(tree, "tree"))

    def _truncated(self, found: Inventory) -> None:
        """The one gap for a tree over the cap, however many directories were left."""
        gap = self._gap(
            "", GapReason.TRUNCATED, f"the tree holds more than the cap of {MAX_ENTRIES} files and directories", blinds=anything()
        )
        if gap not in found.gaps[-1:]:
            found.gaps.append(gap)

    def read(self, oid: bytes, kind: str = "blob") -> bytes:
        """The bytes of an object. Errors: KeyError where the clone does not have it as that kind, or it is
        larger than such an object may be; GitError where it is damaged."""
        if kind != "blob" and self.size(oid) > (MAX_TREE if kind == "tree" else MAX_BLOB):  # asked of a blob before
            raise TooLargeError(oid.hex())
        found, data = self._odb.read(git().Oid(raw=oid))
        if found != _TYPES[kind]:
            raise KeyError(oid.hex())
        return data

    def size(self, oid: bytes) -> int:
        """How many bytes an object has. Errors: KeyError, GitError where it is not there or damaged."""
        try:
            return int(self._odb.read_header(git().Oid(raw=oid))[1])
        except ValueError:  # of a kind that there is not
            raise KeyError(oid.hex()) from None

    def blob(self, entry: Entry) -> bytes | Gap:
        """The content of a file, or the gap that stands for it: absent, damaged, or over `MAX_BLOB` bytes.

        A file over the cap hides things about its own directory only: no service takes a pipeline of megabytes.
        """
        try:
            size = self.size(entry.oid)
            if size <= MAX_BLOB:
                return self.read(entry.oid)
        except (KeyError, git().GitError):
            return self._gap(entry.path, GapReason.MISSING_OBJECT, "listed in the tree, absent from the clone", "Fetch a full clone.")
        gap = self._gap(entry.path, GapReason.TOO_LARGE, f"{size} bytes, the cap is {MAX_BLOB}")
        return replace(gap, under=entry.path.rpartition("/")[0])

    def content(self, path: str) -> bytes | None:
        """The content of one file by its path, without listing the commit; None where `blob` has none, and for a link."""
        try:
            entry = self.commit.tree[path]
        except (KeyError, ValueError, git().GitError):
            return None
        if entry.filemode not in (git().enums.FileMode.BLOB, git().enums.FileMode.BLOB_EXECUTABLE):
            return None
        found = self.blob(Entry(path, entry.id.raw))
        return found if isinstance(found, bytes) else None

    def _gap(self, path: str, reason: GapReason, what: str, settle: str = "", blinds: tuple[str, ...] = ()) -> Gap:
        return Gap(at=Location(target=self.label, path=path.rstrip("/")), reason=reason, what=what, settle=settle, blinds=blinds)
