"""The first-parent line of a commit, read from raw commit objects: newest first, within a window, at a bounded cost."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from assess.collect.git.libgit2 import git
from assess.collect.git.makers import Signature

Read = Callable[[bytes, str], bytes]
"""As `Repository.read`; KeyError where the object is absent."""
MAX_COMMITS = 2_000
"""Commits of the line that are read at most."""
_PATIENCE = 20
"""How many commits older than the window are passed before the line is taken to have left it: clocks differ and rebased commits
keep no order (git's own `--since` passes five, see SLOP in its revision.c)."""
_MESSAGE = 8_000
"""Bytes of a message that are looked at; trailers stand at its end, so half of it is taken from there."""
_SIGNATURE = re.compile(rb"([^<>\n]{0,400})<([^<>\n]{0,400})> (\d{1,12}) [+-]\d{4}")
_CLOCKS = 86_400
"""Seconds that a commit may lie in the future of whoever reads it."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit, as much of it as tells how it came about. when: the committer's time, seconds since 1970, UTC."""

    oid: bytes
    tree: bytes
    parents: tuple[bytes, ...]
    author: Signature
    committer: Signature
    written: int
    when: int
    message: str


@dataclass(slots=True)
class Line:
    """The commits of the window, newest first, and where and why the line was left.

    cut: as `History.cut`. newest, oldest: times of the newest commit that is not ahead, and of the last one read.
    trees: the tree of every commit of the line that was read, in the window or not.
    """

    inside: list[Commit] = field(default_factory=list)
    newest: int = 0
    oldest: int = 0
    ahead: int = 0
    cut: str = ""
    trees: dict[bytes, bytes] = field(default_factory=dict)


def parse(oid: bytes, data: bytes) -> Commit | None:
    """A commit object; None where it is none that git would write.

    Source: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects#_git_commit_objects
    """
    head, _, message = data.partition(b"\n\n")
    tree, author, committer, parents = b"", None, None, []
    for line in head.split(b"\n"):
        key, _, value = line.partition(b" ")
        if key == b"parent":
            parents.append(value)
        elif key == b"tree":
            tree = value
        elif key == b"author":
            author = _SIGNATURE.match(value)
        elif key == b"committer":
            committer = _SIGNATURE.match(value)
            break
    if author is None or committer is None:
        return None
    try:
        ids = [bytes.fromhex(one.decode("ascii")) for one in (tree, *parents)]
    except ValueError:
        return None
    text = message if len(message) <= _MESSAGE else message[: _MESSAGE // 2] + b"\n" + message[-_MESSAGE // 2 :]
    return Commit(
        oid, ids[0], tuple(ids[1:]), _signed(author), _signed(committer), int(author[3]), int(committer[3]), text.decode("utf-8", "replace")
    )


def _signed(match: re.Match[bytes]) -> Signature:
    return Signature(match[1].decode("utf-8", "replace").strip(), match[2].decode("utf-8", "replace").strip())


def first_parents(read: Read, start: bytes, since: int, until: int, most: int = MAX_COMMITS, shallow: bool = False) -> Line:
    """The first-parent line from a commit, as far as it lies in the window, `most` commits at most. Times in seconds since 1970."""
    line, oid, past, dated = Line(), start, 0, False
    while past <= _PATIENCE:
        commit = None if oid in line.trees else load(read, oid)  # names of objects are not verified: a line may be a circle
        if commit is None:
            line.cut = "" if past else "shallow" if shallow else "missing"
            break
        if len(line.trees) >= most:
            line.cut = "" if past else "cap"
            break
        line.trees[oid] = commit.tree
        line.oldest = commit.when
        if commit.when > until + _CLOCKS:
            line.ahead += 1
        else:
            line.newest, dated = commit.when if not dated else line.newest, True
            if commit.when >= since:
                line.inside.append(commit)
                past = 0
            else:
                past += 1
        if not commit.parents:
            break
        oid = commit.parents[0]
    return line


def load(read: Read, oid: bytes) -> Commit | None:
    """A commit by its id; None where the clone does not have it, or it is damaged."""
    try:
        return parse(oid, read(oid, "commit"))
    except (KeyError, git().GitError):
        return None
