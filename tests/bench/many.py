"""Many repositories: memory stays flat, time grows with their number, and two processes share the work.

How well two processes share it is told by CPU seconds: those where one reads, to those of the busiest of three where two do
(the third hands out and collects). That is what the wall clock would show on two idle cores, and it does not
change with what else the machine does. The wall clock is printed beside it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import Any

from assess.collect.collector import collect_one
from assess.collect.seen import Seen
from assess.request import Named, Request
from tests.bench.measure import Ratio
from tests.bench.world import repository

REPOSITORIES = 1_000
FEW = 250
FILES = 12

_CHILD = """
import json, os, sys, time
from pathlib import Path
from assess.collect.collector import at_once, collect_one
from assess.collect.targets import expand
from assess.request import Request
from tests.bench.many import reads

def status(name):
    return next(int(line.split()[1]) / 1024 for line in open("/proc/self/status") if line.startswith(name))

def main():
    directory, count, jobs = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    targets = tuple(map(str, sorted(directory.iterdir())[:count]))
    at_once(Request(), expand(Request(targets=targets[:5])).named, None, collect_one)
    before, started = time.process_time(), time.perf_counter()
    request = Request(targets=targets, jobs=jobs)
    seen = at_once(request, expand(request).named, None, reads)
    told = {"cpu": time.process_time() - before, "wall": time.perf_counter() - started}
    workers = [float(file.read_text()) for file in Path(os.environ["BENCH_WORKERS"]).iterdir()]
    print(json.dumps({**told, "workers": workers, "peak": status("VmHWM"), "facts": sum(len(one.facts) for one in seen)}))

if __name__ == "__main__":
    main()
"""


def ratios(directory: Path) -> Iterator[Ratio]:
    place = directory / "many"
    for number in range(REPOSITORIES):
        repository(place / f"r{number:04}", FILES + number % 7)
    script = directory / "child.py"
    script.write_text(_CHILD)
    few, all_, shared = (_run(script, place, count, jobs) for count, jobs in ((FEW, 1), (REPOSITORIES, 1), (REPOSITORIES, 2)))
    times, alone, fewer = REPOSITORIES / FEW, _in_turn(all_), _in_turn(few)
    told = f"{REPOSITORIES} repositories in {alone:.1f} s CPU, {FEW} in {fewer:.1f} s"
    yield Ratio(f"time of {times:g} times as many, per repository", alone / fewer / times, told, most=1.3)
    told = f"peak {all_['peak']:.0f} MB with {all_['facts']} facts held, {few['peak']:.0f} MB with {few['facts']}"
    yield Ratio(f"memory of {times:g} times as many", all_["peak"] / few["peak"], told, most=1.4)
    busiest = max(shared["cpu"], *shared["workers"])
    told = (
        f"{alone:.1f} s CPU where one reads, the busiest of three {busiest:.1f} s; by the clock {all_['wall'] / shared['wall']:.2f} times"
    )
    yield Ratio("two processes, times faster than one", alone / busiest, told, least=1.5)


def _in_turn(told: dict[str, Any]) -> float:
    """CPU seconds of a process that reads, and of the one that hands out and collects: one of the two waits for the other."""
    return float(told["cpu"] + sum(told["workers"]))


_FIRST: dict[str, float] = {}


def reads(named: Named, request: Request) -> Seen:
    """Reads a target as the product does, and writes down what its process has spent since the first, start-up apart."""
    _FIRST.setdefault("at", process_time())
    seen = collect_one(named, request)
    (Path(os.environ["BENCH_WORKERS"]) / str(os.getpid())).write_text(str(process_time() - _FIRST["at"]))
    return seen


def _run(script: Path, place: Path, count: int, jobs: int) -> dict[str, Any]:
    """What a process that collects so many repositories says of itself."""
    with tempfile.TemporaryDirectory() as workers:
        command = [sys.executable, str(script), str(place), str(count), str(jobs)]
        environment = {**os.environ, "BENCH_WORKERS": workers, "PYTHONPATH": str(Path(__file__).parents[2])}
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
