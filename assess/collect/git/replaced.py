"""The files that were replaced between two trees of the same shape."""

from __future__ import annotations

from collections.abc import Iterator

from assess.collect.git.repository import MAX_PATH_DEPTH, NO_FILE, TREE, Entry, Repository


class Reshaped(Exception):
    """Two trees do not hold the same paths, each of the same kind."""


def replaced(repository: Repository, old: bytes, new: bytes, prefix: str = "", depth: int = 0) -> Iterator[tuple[Entry, Entry]]:
    """The files whose content differs between two trees of the same paths and modes, as they were and as they are.

    Errors: Reshaped where the trees differ in more; KeyError and GitError where one is absent or damaged.
    """
    before, after = repository.rows(old), repository.rows(new)
    damaged = after and not after[-1][0]
    if damaged or depth > MAX_PATH_DEPTH or [row[:2] for row in before] != [row[:2] for row in after]:
        raise Reshaped
    for (mode, name, was), (_, _, oid) in zip(before, after, strict=True):
        path = prefix + name.decode("utf-8", "backslashreplace")
        if was == oid or mode in NO_FILE:
            continue
        if mode in TREE:
            yield from replaced(repository, was, oid, path + "/", depth + 1)
        else:
            yield Entry(path, was, mode == b"100755"), Entry(path, oid, mode == b"100755")
