"""Which paths differ between two commits: their trees walked side by side, within caps; libgit2's own diff has none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from assess.collect.git.libgit2 import git
from assess.collect.git.repository import MAX_ENTRIES, MAX_PATH_DEPTH, NO_FILE, TREE, Repository, TooLargeError
from assess.errors import IncompleteError

MAX_MOVED = 20_000
"""Files that came or went, up to which content tells which of them moved."""
MAX_MOVED_BYTES = 400_000_000
"""How much of them may have to be read for it."""
_Row = tuple[bytes, bytes]
_NOTHING: _Row = (b"", b"")


@dataclass(slots=True)
class Differences:
    """The paths that differ, and those that are links on each side.

    alone: for each side, the objects of files that only it has. deep: some lies deeper than is looked, named by its directory.
    """

    touched: set[str] = field(default_factory=set)
    links: tuple[set[str], set[str]] = field(default_factory=lambda: (set(), set()))
    alone: tuple[list[bytes], list[bytes]] = field(default_factory=lambda: ([], []))
    deep: bool = False
    trees: int = 0


def differences(before: Repository, after: Repository) -> Differences:
    """What differs between two commits. Errors: IncompleteError where a tree cannot be read, or it is more than `MAX_ENTRIES`."""
    found, sides = Differences(), (before, after)
    try:
        _walk(sides, (before.commit.tree_id.raw, after.commit.tree_id.raw), "", found, 0)
    except TooLargeError as error:
        raise IncompleteError(f"the change cannot be read: directory {error} is too large", str(after.path)) from None
    except (KeyError, git().GitError) as error:
        raise IncompleteError(f"the change cannot be read: {error}", str(after.path), "Fetch a full clone.") from None
    return found


def renames(before: Repository, after: Repository, found: Differences) -> dict[str, str]:
    """Old path → new path of what moved, by content; none where telling it would take too much, and what moved is then new.

    Errors: IncompleteError where objects are not there.
    """
    gone, come = found.alone
    if not gone or not come or found.deep or len(gone) + len(come) > MAX_MOVED:
        return {}
    try:
        if sum(_sizes(before, after, found)) > MAX_MOVED_BYTES:
            return {}
        diff = before.commit.tree.diff_to_tree(after.commit.tree, context_lines=0)
        diff.find_similar(git().enums.DiffFind.FIND_RENAMES)  # said, for else the clone's own configuration is asked
        moved = [delta for delta in diff.deltas if delta.status == git().enums.DeltaStatus.RENAMED]
    except (KeyError, git().GitError) as error:
        raise IncompleteError(f"the change cannot be read: {error}", str(after.path), "Fetch a full clone.") from None
    return {_text(delta.old_file.raw_path): _text(delta.new_file.raw_path) for delta in moved}


def _sizes(before: Repository, after: Repository, found: Differences) -> Iterator[int]:
    """The sizes of what has to be read: of files whose like is not on the other side."""
    gone, come = map(set, found.alone)
    for oid in gone - come:
        yield before.size(oid)
    for oid in come - gone:
        yield after.size(oid)


def _walk(sides: tuple[Repository, Repository], trees: tuple[bytes, bytes], prefix: str, found: Differences, depth: int) -> None:
    """Adds what differs below two trees; an empty id is a tree that this side does not have."""
    found.trees += 1
    if depth > MAX_PATH_DEPTH:
        found.touched.add(prefix.rstrip("/"))
        found.deep = True
        return
    rows = [_rows(repository, tree) for repository, tree in zip(sides, trees, strict=True)]
    for name in sorted(rows[0].keys() | rows[1].keys()):
        pair = (rows[0].get(name, _NOTHING), rows[1].get(name, _NOTHING))
        if pair[0] != pair[1]:
            if len(found.touched) + found.trees > MAX_ENTRIES:
                raise IncompleteError(
                    f"the change touches more than the cap of {MAX_ENTRIES} files and directories", str(sides[1].path), "Split the change."
                )
            path = prefix + _text(name)
            below = [oid if mode in TREE else b"" for mode, oid in pair]
            if below[0] != below[1]:
                _walk(sides, (below[0], below[1]), path + "/", found, depth + 1)
            _add(found, path, pair)


def _add(found: Differences, path: str, pair: tuple[_Row, _Row]) -> None:
    """Adds a path that holds a file or link on a side, where the two differ in it."""
    held = [row if row[0] not in TREE else _NOTHING for row in pair]
    if held[0] == held[1]:
        return
    found.touched.add(path)
    for side, (mode, oid) in enumerate(held):
        if mode in NO_FILE:
            found.links[side].add(path)
        elif mode and held[1 - side] == _NOTHING:
            found.alone[side].append(oid)


def _rows(repository: Repository, tree: bytes) -> dict[bytes, _Row]:
    """Name → mode and id. Errors: KeyError where the tree is not there or damaged."""
    if not tree:
        return {}
    rows = repository.rows(tree)
    if rows and not rows[-1][0]:
        raise KeyError(f"the tree {tree.hex()} is damaged")
    return {name: (mode, oid) for mode, name, oid in rows}


def _text(name: bytes) -> str:
    return name.decode("utf-8", "backslashreplace")
