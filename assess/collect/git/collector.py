"""One repository, from its object database to facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from assess.collect.git.classify import Classification
from assess.collect.git.complete import followed, published
from assess.collect.git.extract import ASSEMBLERS, EXTRACTORS, hidden
from assess.collect.git.extract.terraform import Surroundings, assemble
from assess.collect.git.file import Extractor, File, Part
from assess.collect.git.history import Window, history
from assess.collect.git.purpose import released, weigh
from assess.collect.git.repository import Entry, Inventory, Repository
from assess.collect.git.settle import settled
from assess.collect.seen import Seen
from assess.model.fact import Fact, Procedure
from assess.model.gap import Gap, GapReason
from assess.model.target import Location
from assess.spec.estate import Estate


def collect_repository(
    path: Path, label: str, rev: str = "", estate: Estate | None = None, window: Window | None = None, at: datetime | None = None
) -> Seen:
    """What one repository says at a revision, or as it was at a time, and how it was changed within a window where one is given.

    Errors: IncompleteError where it cannot be read at all; every lesser trouble is a gap in the result.
    """
    repository = Repository(path, label, rev, at)
    inventory = repository.inventory()
    classification = _classify(label, inventory, estate or Estate())
    facts: list[Fact] = []
    parts: list[Part] = []
    gaps = [*inventory.gaps, *_side_gaps(repository, inventory)]
    files = 0
    for entry, extractors in wanted(inventory, classification):
        files += 1
        for found in _extract(repository, entry, extractors):
            (gaps if isinstance(found, Gap) else parts if isinstance(found, Part) else facts).append(found)  # type: ignore[arg-type]
    facts += [fact for assembler in ASSEMBLERS for fact in assembler(parts)]
    tags = repository.tags()
    paths = {entry.path for entry in inventory.files} - {gap.at.path for gap in gaps}
    procedures = tuple(fact for fact in facts if isinstance(fact, Procedure))
    facts += assemble(parts, Surroundings(versions=released(facts, tags), procedures=procedures, paths=paths))
    facts = list(published(followed(settled(facts, parts), paths), paths, tags))
    kept, aside = weigh(repository, len(inventory.files), classification.used, facts)
    changed = history(repository, kept, classification, files, window) if window else ()
    return Seen(repository.target, (*kept, *changed, *classification.set_aside(), *aside), _folded(label, gaps))


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


def wanted(inventory: Inventory, classification: Classification) -> Iterator[tuple[Entry, list[Extractor]]]:
    """The files that count as use and that some extractor reads, in tree order."""
    offered = _Dispatch()
    for entry in inventory.files:
        if not classification.role(entry.path) and (reads := offered(entry.path)):
            yield entry, reads


def _extract(repository: Repository, entry: Entry, extractors: Iterable[Extractor]) -> Iterator[Fact | Gap | Part]:
    content = repository.blob(entry)
    if isinstance(content, Gap):
        yield replace(content, blinds=hidden(entry.path, extractors))
        return
    file = File(repository.label, entry.path, content, entry.executable)
    told = False
    for extractor in extractors:
        if extractor.reads(content):
            for found in extractor.run(file):
                told = True
                yield found
    if file.broken and not told:  # an extractor that read it another way, as a template, has told what it saw
        yield file.unreadable(file.broken, *(() if b"{{" in content else hidden(entry.path, extractors)))


class _Dispatch:
    """Which extractors a path is offered, by its name's prefix and suffix; what is asked of every file is one look-up each."""

    def __init__(self) -> None:
        self._by_name: dict[str, list[Extractor]] = defaultdict(list)
        self._by_suffix: dict[str, list[Extractor]] = defaultdict(list)
        for extractor in EXTRACTORS:
            for name in extractor.names:
                self._by_name[name].append(extractor)
            for suffix in extractor.suffixes:
                self._by_suffix[suffix].append(extractor)
        self._prefixed = [extractor for extractor in EXTRACTORS if extractor.prefixes]
        self._prefixes = tuple(prefix for extractor in self._prefixed for prefix in extractor.prefixes)
        self._special: dict[str, bool] = {}

    def __call__(self, path: str) -> list[Extractor]:
        directory, _, name = path.lower().rpartition("/")
        dot = name.rfind(".")
        offered = [*self._by_name.get(name, ()), *self._by_suffix.get(name[dot:] if dot >= 0 else "", ())]
        if name.startswith(self._prefixes) or self._is_special(directory):
            offered += self._prefixed
        return [e for e in dict.fromkeys(offered) if e.within is None or e.within.search(path)] if offered else offered

    def _is_special(self, directory: str) -> bool:
        found = self._special.get(directory)
        if found is None:
            found = self._special[directory] = directory.rpartition("/")[2].startswith(self._prefixes)
        return found


def _classify(label: str, inventory: Inventory, estate: Estate) -> Classification:
    prefix = f"{label}/"
    exclude = {
        e.path.removeprefix(prefix): f"left out by {e.owner} until {e.expires}: {e.reason}"
        for e in estate.exclude if e.path.startswith(prefix)
    }  # fmt: skip
    use = [pattern.removeprefix(prefix) for pattern in estate.use if pattern.startswith(prefix)]
    return Classification(label, (entry.path for entry in inventory.files), use, exclude)


def _side_gaps(repository: Repository, inventory: Inventory) -> Iterator[Gap]:
    for path in inventory.submodules:
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
