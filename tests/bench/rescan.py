"""Scanning a repository again through the cache: with 2 % of its files changed, whether they say the same or something
else, and unchanged; and the whole first scan against reading and parsing the same blobs once.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from assess.collect.collector import collect_one
from assess.collect.seen import Seen
from assess.model.target import Source
from assess.request import Named, Request
from assess.store.content import ContentCache
from tests.bench.floor import parse_once
from tests.bench.measure import Ratio, cpu, interleaved
from tests.bench.world import repository

FILES = 10_000
ROUNDS = 5
ONE_OF = 50
"""One file in so many changes: 2 %."""


def ratios(directory: Path) -> Iterator[Ratio]:
    path = repository(directory / "again", FILES)
    floor, first = interleaved(lambda: parse_once([(path, "again", "")]), lambda: _seen(path, None))
    told = f"{FILES} files in {first:.2f} s; reading and parsing their blobs once {floor:.2f} s"
    yield Ratio("collecting to reading and parsing once", first / floor, told, most=4)
    cache = ContentCache(directory / "cache")
    _seen(path, cache)
    same, unchanged = _rounds(path, cache, "%s# changed\n")
    told = f"{same * 1000:.0f} ms CPU of {first * 1000:.0f} ms"
    yield Ratio("2 % of the files changed, times less than at first", first / same, told, least=8)
    other, _ = _rounds(path, cache, "# changed\n%s")
    told = f"{other * 1000:.0f} ms CPU of {first * 1000:.0f} ms"
    yield Ratio("2 % of the files say something else, times less than at first", first / other, told, least=3.5)
    told = f"{unchanged * 1000:.1f} ms CPU"
    yield Ratio("nothing changed, times less than at first", first / unchanged, told, least=50)


def _rounds(path: Path, cache: ContentCache, edit: str) -> tuple[float, float]:
    """The median seconds of a scan after a commit that edits one file in `ONE_OF` of each kind, and of one after none."""
    changed, unchanged = [], []
    for number in range(ROUNDS):
        repository(path, FILES, changed=lambda file, number=number: (file // 10 + file % 10 * 5) % ONE_OF == number, edit=edit)
        before = cpu()
        again = _seen(path, cache)
        changed.append(cpu() - before)
        before = cpu()
        same = _seen(path, cache)
        unchanged.append(cpu() - before)
        assert again.facts == same.facts == _seen(path, None).facts, "the cache changes the facts"
    return median(changed), median(unchanged)


def _seen(path: Path, cache: ContentCache | None) -> Seen:
    return collect_one(Named(Source.GIT, str(path), "again"), Request(), cache)
