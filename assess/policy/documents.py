"""Which files are policy input, parsed: documents by content id, with the place of every path. Nothing is stored."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from assess.collect.git.repository import Entry
from assess.model.finding import Finding, Verdict
from assess.model.gap import Gap, GapReason
from assess.policy.engine import PARSE, UNSEEN, trouble
from assess.policy.formats.source import Source, Unreadable
from assess.policy.kinds import KINDS, Kind, kinds_of
from assess.policy.tree import Tree
from assess.spec.nodes import Path, Span


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """One document that policies judge.

    id: over the kind, the content of its files and the document's position in them: equal ids have equal verdicts.
    path: its file, or its directory where it is made of several.
    """

    id: str
    kind: str
    path: str
    value: Any
    place: Callable[[Path], tuple[str, Span]]


def documents(tree: Tree, kinds: Collection[str]) -> Iterator[tuple[str, list[PolicyDocument] | Finding]]:
    """Each policy input of some kinds that is asked about: its path, and its documents or the finding that it cannot be read."""
    for gap in tree.gaps:
        yield gap.at.path, unread(tree, "rego", gap)
    wanted = [KINDS[name] for name in sorted(kinds)]
    for path in sorted(path for path in tree.links if _hides(tree, path, wanted)):
        yield path, trouble(
            "rego", UNSEEN, tree.at(path), "is a symbolic link or a submodule now: its content is not in this commit",
            "Commit the files themselves.", Verdict.NOT_OBSERVED,
        )  # fmt: skip
    told: set[str] = set()
    held: dict[str, Source] = {}
    for kind in wanted:
        for path, entries in _inputs(tree, kind):
            found, unreadable = _parsed(tree, kind, entries, held)
            for one in unreadable:
                if one.fingerprint not in told:  # a file that several kinds cannot read is told once
                    told.add(one.fingerprint)
                    yield one.at.path, one
            if found:
                yield path, found


def _hides(tree: Tree, path: str, wanted: Collection[Kind]) -> bool:
    """Whether a link stands where an input may be, or where the other side of the change has one below it."""
    below = (one for one in tree.touched or () if one == path or one.startswith(f"{path}/"))
    return any(kind.paths.search(one) for one in below for kind in wanted)


def may_hold(tree: Tree, path: str, kinds: Collection[str]) -> bool:
    """Whether a file is input of one of some kinds, by its path and, where that does not say enough, its content."""
    if not tree.counts(path):
        return False
    for kind in kinds_of(path):
        if kind.name in kinds:
            content = tree.blob(tree.entries[path]) if kind.marks else b""
            if isinstance(content, Gap) or _marked(kind, content):
                return True
    return False


def _inputs(tree: Tree, kind: Kind) -> Iterator[tuple[str, list[Entry]]]:
    """The files of each document that is asked about: one, or all of a directory in which something was touched."""
    if not kind.whole:
        yield from ((entry.path, [entry]) for entry in tree.asked() if kind.paths.search(entry.path) and tree.counts(entry.path))
        return
    for directory, entries in tree.directories(kind.paths):
        counted = [entry for entry in entries if tree.counts(entry.path)]
        if counted:
            yield directory, counted


def _parsed(tree: Tree, kind: Kind, entries: list[Entry], held: dict[str, Source]) -> tuple[list[PolicyDocument], list[Finding]]:
    """The documents of some files, and a finding for each that cannot be read; the others are judged without it.

    held: the files that a kind before has read, by path: what one has parsed serves the next.
    """
    sources: list[Source] = []
    unreadable: list[Finding] = []
    for entry in entries:
        source = held.get(entry.path) or _source(tree, entry)
        if isinstance(source, Finding):
            unreadable.append(source)
        elif _marked(kind, source.content):
            sources.append(held.setdefault(entry.path, source))
    while sources:
        try:
            read = kind.read(sources)
        except Unreadable as error:
            unreadable.append(trouble("rego", PARSE, tree.at(error.path, error.line), f"not readable: {error.why}", "Mend the file."))
            left = [source for source in sources if source.path != error.path]
            sources = left if len(left) < len(sources) else []
            continue
        id = _id(kind, sources)
        found = [PolicyDocument(f"{id}:{position}", kind.name, one.path, one.value, one.place) for position, one in enumerate(read)]
        return found, unreadable
    return [], unreadable


def _source(tree: Tree, entry: Entry) -> Source | Finding:
    content = tree.blob(entry)
    if isinstance(content, Gap):
        return unread(tree, "rego", content)
    if content.startswith(_ELSEWHERE):
        what = "is a pointer of Git LFS: its content is not in this repository"
        return trouble("rego", UNSEEN, tree.at(entry.path), what, "Commit the file itself.", Verdict.NOT_OBSERVED)
    return Source(entry.path, content, entry.oid.hex())


_ELSEWHERE = b"version https://git-lfs.github.com/spec/"
"""How a pointer begins; the address is part of its format."""


def _marked(kind: Kind, content: bytes) -> bool:
    """Whether a file may hold a document of a kind; a text that is encoded or escaped is looked at."""
    return kind.marks in content or b"\0" in content[:400] or b"\\u" in content or b"\\x" in content


def _id(kind: Kind, sources: list[Source]) -> str:
    """The names of files count where they decide in which order they are put together, or are what is judged."""
    if len(sources) == 1 and kind.name != "committed-file":
        return f"{kind.name}:{sources[0].id}"
    text = "\0".join(f"{source.path}\0{source.id}" for source in sources)
    return f"{kind.name}:{sha256(text.encode('utf-8', 'surrogateescape')).hexdigest()}"


def unread(tree: Tree, engine: str, gap: Gap) -> Finding:
    """The finding for a file whose content cannot be had."""
    fix = gap.settle or ("Split the file." if gap.reason is GapReason.TOO_LARGE else "")
    return trouble(engine, UNSEEN, tree.at(gap.at.path), gap.what, fix, Verdict.NOT_OBSERVED)
