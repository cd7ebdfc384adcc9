"""One repository, from its object database to facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from assess.collect import cycles
from assess.collect.cache import Cache
from assess.collect.git.classify import Classification
from assess.collect.git.complete import followed, published, startable
from assess.collect.git.dispatch import dispatch, reading
from assess.collect.git.extract import ASSEMBLERS, hidden
from assess.collect.git.extract.terraform import Surroundings, assemble
from assess.collect.git.file import Extractor, File, Part
from assess.collect.git.history import Window, history
from assess.collect.git.libgit2 import git
from assess.collect.git.packed import Found
from assess.collect.git.purpose import released, weigh
from assess.collect.git.replaced import Reshaped, replaced
from assess.collect.git.repository import Entry, Inventory, Repository
from assess.collect.git.reuse import Reuse
from assess.collect.git.settle import settled
from assess.collect.git.told import Memory, Shape, Told
from assess.collect.seen import Seen
from assess.model.credentials import cleaned
from assess.model.fact import Fact, Procedure, ToolMarker
from assess.model.gap import Gap, GapReason
from assess.model.target import Location
from assess.spec.estate import Estate


@cycles.rarely_looked_for()
def collect_repository(
    path: Path,
    label: str,
    rev: str = "",
    estate: Estate | None = None,
    window: Window | None = None,
    at: datetime | None = None,
    cache: Cache | None = None,
) -> Seen:
    """What one repository says at a revision, or as it was at a time, and how it was changed within a window where one is given.

    cache: results of earlier runs; the outcome is the same with it and without.
    Errors: IncompleteError where it cannot be read at all; every lesser trouble is a gap in the result.
    """
    repository, estate = Repository(path, label, rev, at), estate or Estate()
    reader = _Reader(repository, estate, cache)
    day = repository.committed_at.date().isoformat()
    told = (reader.memory.told(repository.tree) or reader.again() or reader.read()).on(day)
    changed: tuple[Fact, ...] | None = ()
    if window and (changed := reader.memory.changed(repr(window))) is None:
        changed = tuple(map(cleaned, history(repository, told.facts, reader.shape.classification, reader.shape.reads, window)))
        reader.memory.keep_changed(repr(window), changed)
    return Seen(repository.target, (*told.facts, *(changed or ())), told.gaps)


Reads = tuple[tuple[Entry, tuple[Extractor, ...]], ...]


class _Reader:
    """What one tree of a repository says, by way of what earlier runs made of it."""

    def __init__(self, repository: Repository, estate: Estate, cache: Cache | None) -> None:
        self._repository, self._cache = repository, cache
        self._exclude, self._use = _settings(repository.label, estate)
        self._purpose = estate.purpose_of(repository.label)
        self._reuse = Reuse(cache, repository.label, repository.target.remote)
        said = (self._purpose, repository.is_shallow, sorted(repository.tags()), sorted(repository.branches() or ()))
        self.memory = Memory(cache, repository, said, self._use, self._exclude)

    @cached_property
    def shape(self) -> Shape:
        """What the paths of the tree say."""
        return self.memory.shape(self._repository.tree) or self._shape()[0]

    def again(self) -> Told | None:
        """What the tree says, where it has the shape of the one that was read before: only the files that changed are read.

        All that is made of the files is made of their paths and of what each of them says: where those that changed say the
        same, nothing is made anew.
        """
        tree, repository = self.memory.before(), self._repository
        if tree is None or self._reuse.of != self.memory.of(tree) or (shape := self.memory.shape(tree)) is None:
            return None
        try:
            changed = dict(self._changed(tree, shape.classification))
        except (Reshaped, KeyError, git().GitError):
            return None
        files = self._reuse.files()
        if len(files) != shape.reads:  # a tree that holds a path twice
            return None
        self.shape = shape
        if all(before == now for before, now in changed.values()) and (told := self.memory.told(tree)) is not None:
            self._reuse.save(self.memory.of(repository.tree), others=True)
            self.memory.keep_same(tree)
            return told
        said = [changed[one.path][1] if one.path in changed else self._said(one, dispatch()(one.path)) for one in files]
        return self._told(said, like=tree)

    def _changed(self, tree: bytes, classification: Classification) -> Iterator[tuple[str, tuple[Sequence[Found] | None, Sequence[Found]]]]:
        """The files read that changed since another tree of the same shape: what each said, and what it says.

        Errors: Reshaped, KeyError, GitError.
        """
        for before, now in replaced(self._repository, tree, self._repository.tree):
            extractors = dispatch()(now.path) if classification.counts(now.path) else ()
            if extractors:
                yield now.path, (self._reuse.get(before), self._extract(now, extractors))

    def read(self) -> Told:
        """What the tree says, of the files that no earlier run read."""
        self.shape, reads = self._shape()
        return self._told([self._said(entry, extractors) for entry, extractors in reads])

    def _shape(self) -> tuple[Shape, Reads]:
        """What the paths of the tree say, and the files that are read."""
        repository, inventory = self._repository, self._repository.inventory()
        paths = tuple([entry.path for entry in inventory.files])
        classification = Classification(repository.label, paths, self._use, self._exclude)
        reads = tuple(wanted(inventory, classification))
        gaps = (*inventory.gaps, *_side_gaps(repository, inventory))
        return Shape(paths, len(reads), gaps, tuple(classification.set_aside()), classification), reads

    def _told(self, said: Sequence[Sequence[Found]], like: bytes | None = None) -> Told:
        """What the tree says, whose files say this. like: a tree of the same shape that was read before."""
        repository, shape = self._repository, self.shape
        every = [found for one in said for found in one]
        facts = [found for found in every if isinstance(found, Fact)]
        parts = [found for found in every if isinstance(found, Part)]
        gaps = [*shape.gaps, *(found for found in every if isinstance(found, Gap))]
        self._reuse.save(self.memory.of(repository.tree), others=like is not None)
        made = _assembled(repository, facts, parts, set(shape.paths) - {gap.at.path for gap in gaps})
        kept, aside = weigh(repository, len(shape.paths), shape.classification, made, self._purpose)
        without = {id(fact) for fact in facts}  # credentials, as each file left them: these very values need no second look
        whole = tuple([fact if id(fact) in without else cleaned(fact) for fact in (*kept, *shape.aside, *aside)])
        told = Told(whole, tuple(map(cleaned, _folded(repository.label, gaps))))
        self.memory.keep(told, shape, like)
        return told

    def _said(self, entry: Entry, extractors: tuple[Extractor, ...]) -> Sequence[Found]:
        """What a file says, from the last time where it is the same file."""
        before = self._reuse.get(entry)
        return self._extract(entry, extractors) if before is None else before

    def _extract(self, entry: Entry, extractors: tuple[Extractor, ...]) -> tuple[Found, ...]:
        """What the extractors bring of a file, without credentials."""
        content = self._repository.blob(entry)
        if isinstance(content, Gap):
            self._reuse.put(entry, None)
            return (replace(content, blinds=hidden(entry.path, extractors)),)
        found = tuple(map(cleaned, _extracted(self._repository, entry, content, extractors)))
        self._reuse.put(entry, found)
        return found


def _assembled(repository: Repository, facts: list[Fact], parts: list[Part], paths: set[str]) -> list[Fact]:
    """The facts of the files, and those that their parts make together, as far as the repository completes them."""
    tags = repository.tags()
    facts = [*facts, *(fact for assembler in ASSEMBLERS for fact in assembler(parts))]
    procedures = tuple(fact for fact in facts if isinstance(fact, Procedure))
    facts += assemble(parts, Surroundings(versions=released(facts, tags), procedures=procedures, paths=paths))
    return list(published(startable(followed(settled(facts, parts), paths), paths, repository.branches()), paths, tags))


MAX_ABSENT = 20
"""How many absent files are told one by one; a partial clone lacks nearly all of them."""


def _folded(label: str, gaps: list[Gap]) -> tuple[Gap, ...]:
    """The gaps, the absent files beyond `MAX_ABSENT` as one that hides what all of them hide."""
    more = [gap for gap in gaps if gap.reason is GapReason.MISSING_OBJECT][MAX_ABSENT:]
    if not more:
        return tuple(gaps)
    beyond = set(more)
    kept, folded = [gap for gap in gaps if gap not in beyond], tuple(sorted({kind for gap in more for kind in gap.blinds}))
    what = f"{len(more)} more files and directories are listed in the trees and absent from the clone"
    settle = "Fetch a full clone: this one is partial or damaged."
    return (*kept, Gap(at=Location(target=label), reason=GapReason.MISSING_OBJECT, what=what, settle=settle, blinds=folded))


def wanted(inventory: Inventory, classification: Classification) -> Iterator[tuple[Entry, tuple[Extractor, ...]]]:
    """The files that count as use and that some extractor reads, in tree order."""
    offered = dispatch()
    for entry in inventory.files:
        if not classification.role(entry.path) and (reads := offered(entry.path)):
            yield entry, reads


def _extracted(repository: Repository, entry: Entry, content: bytes, extractors: tuple[Extractor, ...]) -> Iterator[Found]:
    file = File(repository.label, entry.path, content, entry.executable)
    told = False
    for extractor in reading(content, extractors):
        for found in extractor.run(file):
            told = told or not isinstance(found, ToolMarker)  # which says that the file is there, and nothing of what it says
            yield found
    if file.broken and not told:  # an extractor that read it another way, as a template, has told what it saw
        yield file.unreadable(file.broken, *(() if b"{{" in content else hidden(entry.path, extractors)))


def _settings(label: str, estate: Estate) -> tuple[dict[str, str], list[str]]:
    """What the estate file says of a repository's paths: left out, with the reason; used, whatever they look like."""
    prefix = f"{label}/"
    exclude = {
        e.path.removeprefix(prefix): f"left out by {e.owner} until {e.expires}: {e.reason}"
        for e in estate.exclude if e.path.startswith(prefix)
    }  # fmt: skip
    return exclude, [pattern.removeprefix(prefix) for pattern in estate.use if pattern.startswith(prefix)]


MAX_SUBMODULES = 200
"""How many submodules are told one by one."""


def _side_gaps(repository: Repository, inventory: Inventory) -> Iterator[Gap]:
    if more := inventory.submodules[MAX_SUBMODULES:]:
        what = f"{len(more)} more submodules: their content is other repositories'"
        yield Gap(at=Location(target=repository.label), reason=GapReason.SUBMODULE, what=what, settle="Name those repositories as targets.")
    for path in inventory.submodules[:MAX_SUBMODULES]:
        yield Gap(
            at=Location(target=repository.label, path=path), reason=GapReason.SUBMODULE,
            what="a submodule: its content is another repository's", settle="Name that repository as a target of its own.",
        )  # fmt: skip
    if not inventory.files:
        yield Gap(at=Location(target=repository.label), reason=GapReason.EMPTY, what="the commit holds no file")
    if repository.is_shallow:
        yield Gap(
            at=Location(target=repository.label), reason=GapReason.TRUNCATED, what="the clone is shallow: its history is cut off",
            settle="git fetch --unshallow",
        )  # fmt: skip
