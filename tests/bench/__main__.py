"""Ratios against named floors and peers in the same run: `python -m tests.bench`. Only ratios fail; times are for scale.

inventory: the product's own first stage — walk the tree, classify every path, offer it to the extractors, read what they
want — on a repository of 10,000 files, against reading the very same objects (all trees, and the wanted blobs by id)
through pygit2's object database and doing nothing with them. Each round opens the repository anew; imports are apart.
Rounds of both alternate, and the median of the CPU seconds (user and system) counts.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pygit2

from assess.collect.git.classify import Classification
from assess.collect.git.collector import collect_repository, wanted
from assess.collect.git.repository import Repository, git
from tests.bench.world import repository

FILES = 10_000
ROUNDS = 7
INVENTORY_LIMIT = 3.0


def main() -> int:
    """0 when every ratio is within its limit."""
    with tempfile.TemporaryDirectory() as directory:
        path = repository(Path(directory) / "monorepo", FILES)
        trees, blobs = _objects(path)
        floor, stage = _interleaved(lambda: _read(path, [*trees, *blobs]), lambda: _inventory(path))
        ratio = stage / floor
        print(f"inventory of {FILES} files: {stage * 1000:.0f} ms CPU; reading the same {len(trees)} trees and {len(blobs)} blobs: "
              f"{floor * 1000:.0f} ms; ratio {ratio:.2f}, limit {INVENTORY_LIMIT:g}")  # fmt: skip
        (whole,) = _interleaved(lambda: collect_repository(path, "monorepo"))
        print(f"collecting it whole: {whole:.2f} s CPU, {whole / FILES * 1_000_000:.0f} ms a 1,000 files (for scale)")
    pass_, help_ = _interleaved(lambda: _run("pass"), lambda: _run(_HELP))
    print(f"start-up: `--help` {help_ / pass_:.1f} times `python -c pass` (for scale)")
    if ratio > INVENTORY_LIMIT:
        print(f"inventory is over its limit: {ratio:.2f} > {INVENTORY_LIMIT:g}", file=sys.stderr)
        return 1
    return 0


def _inventory(path: Path) -> None:
    opened = Repository(path, "monorepo")
    inventory = opened.inventory()
    classification = Classification("monorepo", (entry.path for entry in inventory.files))
    for entry, _ in wanted(inventory, classification):
        opened.blob(entry)


def _objects(path: Path) -> tuple[list[bytes], list[bytes]]:
    """The ids of all trees and of the blobs that the product wants."""
    opened = Repository(path, "monorepo")
    inventory = opened.inventory()
    classification = Classification("monorepo", (entry.path for entry in inventory.files))
    blobs = [entry.oid for entry, _ in wanted(inventory, classification)]
    trees: list[bytes] = []
    waiting = [opened.commit.tree]
    while waiting:
        tree = waiting.pop()
        trees.append(tree.id.raw)
        waiting += [entry for entry in tree if entry.type_str == "tree"]
    return trees, blobs


def _read(path: Path, objects: list[bytes]) -> None:
    odb = git().Repository(str(path)).odb
    for oid in objects:
        odb.read(pygit2.Oid(raw=oid))


def _interleaved(*works: Callable[[], object]) -> list[float]:
    """The median CPU seconds of each work, their rounds in turn after one that does not count."""
    taken: list[list[float]] = [[] for _ in works]
    for number in range(ROUNDS + 1):
        for index, work in enumerate(works):
            before = _cpu()
            work()
            if number:
                taken[index].append(_cpu() - before)
    return [median(times) for times in taken]


def _cpu() -> float:
    """User and system seconds of this process and of the children that ended."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


_HELP = "import sys; sys.argv = ['idp-assess', '--help']; from assess.cli import main; main()"


def _run(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
