"""One repository, from its object database to facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from assess.collect.cache import Cache, key
from assess.collect.git.classify import Classification
from assess.collect.git.complete import followed, published, startable
from assess.collect.git.dispatch import Dispatch, reading
from assess.collect.git.extract import ASSEMBLERS, hidden
from assess.collect.git.extract.terraform import Surroundings, assemble
from assess.collect.git.file import Extractor, File, Part
from assess.collect.git.history import Window, history
from assess.collect.git.packed import Found
from assess.collect.git.purpose import released, weigh
from assess.collect.git.repository import Entry, Inventory, Repository
from assess.collect.git.reuse import Reuse, recalled, remember
from assess.collect.git.settle import settled
from assess.collect.seen import Seen, without_credentials
from assess.model.credentials import cleaned
from assess.model.fact import Fact, Procedure
from assess.model.gap import Gap, GapReason
from assess.model.target import Location
from assess.spec.estate import Estate


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
    name = _name(repository, estate)
    seen, changed = recalled(cache, name), recalled(cache, key(name, repr(window)))
    if seen is None or changed is None:
        inventory = repository.inventory()
        classification = _classify(label, inventory, estate)
        reads = tuple(wanted(inventory, classification))
        if seen is None:
            seen = _collected(repository, inventory, classification, reads, cache, estate.purpose_of(label))
            remember(cache, name, seen)
        lately = history(repository, seen.facts, classification, len(reads), window) if window else ()
        changed = replace(seen, facts=tuple(map(cleaned, lately)))
        remember(cache, key(name, repr(window)), changed)
    return Seen(repository.target, (*seen.facts, *changed.facts), seen.gaps)


def _name(repository: Repository, estate: Estate) -> bytes:
    """The key of what one commit says: everything that it is made of, besides the code."""
    left_out, use = _settings(repository.label, estate)
    purpose = estate.purpose_of(repository.label)
    said = repr((purpose, repository.is_shallow, sorted(repository.tags()), sorted(repository.branches() or ()), left_out, use))
    return key("repository", repository.label, str(repository.commit.id), said)


Reads = tuple[tuple[Entry, tuple[Extractor, ...]], ...]


def _collected(
    repository: Repository, inventory: Inventory, classification: Classification, reads: Reads, cache: Cache | None, purpose: str
) -> Seen:
    reuse = Reuse(cache, repository.label, repository.target.remote)
    facts: list[Fact] = []
    parts: list[Part] = []
    gaps = [*inventory.gaps, *_side_gaps(repository, inventory)]
    for entry, extractors in reads:
        for found in _extract(repository, entry, extractors, reuse):
            (gaps if isinstance(found, Gap) else parts if isinstance(found, Part) else facts).append(found)  # type: ignore[arg-type]
    reuse.save()
    facts += [fact for assembler in ASSEMBLERS for fact in assembler(parts)]
    tags = repository.tags()
    paths = {entry.path for entry in inventory.files} - {gap.at.path for gap in gaps}
    procedures = tuple(fact for fact in facts if isinstance(fact, Procedure))
    facts += assemble(parts, Surroundings(versions=released(facts, tags), procedures=procedures, paths=paths))
    facts = list(published(startable(followed(settled(facts, parts), paths), paths, repository.branches()), paths, tags))
    kept, aside = weigh(repository, len(inventory.files), classification, facts, purpose)
    seen = Seen(repository.target, (*kept, *classification.set_aside(), *aside), _folded(repository.label, gaps))
    return without_credentials(seen)


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
    offered = Dispatch()
    for entry in inventory.files:
        if not classification.role(entry.path) and (reads := offered(entry.path)):
            yield entry, reads


def _extract(repository: Repository, entry: Entry, extractors: tuple[Extractor, ...], reuse: Reuse) -> Sequence[Found]:
    """What the extractors bring of a file, without credentials; from the last time where it is the same file."""
    if (before := reuse.get(entry)) is not None:
        return before
    content = repository.blob(entry)
    if isinstance(content, Gap):
        return (replace(content, blinds=hidden(entry.path, extractors)),)
    found = tuple(map(cleaned, _extracted(repository, entry, content, extractors)))
    reuse.put(entry, found)
    return found


def _extracted(repository: Repository, entry: Entry, content: bytes, extractors: tuple[Extractor, ...]) -> Iterator[Found]:
    file = File(repository.label, entry.path, content, entry.executable)
    told = False
    for extractor in reading(content, extractors):
        for found in extractor.run(file):
            told = True
            yield found
    if file.broken and not told:  # an extractor that read it another way, as a template, has told what it saw
        yield file.unreadable(file.broken, *(() if b"{{" in content else hidden(entry.path, extractors)))


def _classify(label: str, inventory: Inventory, estate: Estate) -> Classification:
    exclude, use = _settings(label, estate)
    return Classification(label, (entry.path for entry in inventory.files), use, exclude)


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
