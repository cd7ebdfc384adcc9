"""The whole scan of labelled repositories, against reading and parsing the same blobs once; memory on the largest."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from assess.collect.git.collector import collect_repository
from assess.collect.git.history import Window
from assess.collect.git.repository import Repository
from assess.content import load
from assess.errors import IncompleteError
from assess.request import Request
from assess.run import assess
from assess.spec.document import read_yaml
from assess.store.content import ContentCache
from tests.bench.floor import Place, parse_once
from tests.bench.measure import Ratio, cpu, interleaved
from tests.corpus.__main__ import clone

MEGABYTES = 300

_CHILD = """
import json, sys
from pathlib import Path
from assess.collect.git.collector import collect_repository
collect_repository(Path(sys.argv[1]), "largest", sys.argv[2])
print(json.dumps(next(int(line.split()[1]) / 1024 for line in open("/proc/self/status") if line.startswith("VmHWM"))))
"""


def ratios(directory: Path, clones: Path, labels: Path) -> Iterator[Ratio]:
    places = _places(clones, labels)
    content = load(())
    floor, scanned = interleaved(lambda: parse_once(places), lambda: assess(Request(), [_seen(place) for place in places], content))
    told = f"{len(places)} repositories in {scanned:.1f} s; reading and parsing their blobs once {floor:.1f} s"
    yield Ratio("whole scan to reading and parsing once", scanned / floor, told, most=3.2)
    cache = ContentCache(directory / "corpus-cache")
    first = _timed(places, cache)
    again = _timed(places, cache)
    told = f"{sum(again) * 1000:.0f} ms CPU in all, the slowest {max(again) * 1000:.0f} ms"
    yield Ratio("nothing changed, times less than at first", sum(first) / sum(again), told, least=8)
    largest = max(places, key=lambda place: sum(file.stat().st_size for file in (place[0] / "objects" / "pack").glob("*.pack")))
    done = subprocess.run([sys.executable, "-c", _CHILD, str(largest[0]), largest[2]], check=True, capture_output=True, text=True)
    yield Ratio("memory on the largest, MB", json.loads(done.stdout), largest[1], most=MEGABYTES)


def _places(clones: Path, labels: Path) -> list[Place]:
    places = []
    for label in read_yaml(labels.read_bytes())[0].value:
        if path := clone(clones, label["repo"]):
            try:
                Repository(path, label["repo"], label["commit"])
            except IncompleteError:
                places.append((path, label["repo"], ""))
            else:
                places.append((path, label["repo"], label["commit"]))
    return places


def _seen(place: Place, cache: ContentCache | None = None):
    path, label, commit = place
    window = Window(datetime.now(UTC).replace(hour=23, minute=59, second=59, microsecond=0))
    return collect_repository(path, label, commit, window=window, cache=cache)


def _timed(places: list[Place], cache: ContentCache) -> list[float]:
    taken = []
    for place in places:
        before = cpu()
        _seen(place, cache)
        taken.append(cpu() - before)
    return taken
