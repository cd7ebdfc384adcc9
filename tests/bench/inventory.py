"""The first stage — walk the tree, classify every path, offer it to the extractors, read what they want, look for their
marks — against its floor (the same objects read, and nothing done with them) and against what a script would do: check
the tree out, walk it, match every path with every glob by fnmatch, open what matches and search it with re.

Both sides answer the same question, which extractor reads which file, and their answers are compared.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatchcase
from glob import escape
from pathlib import Path

import pygit2

from assess.collect.git.classify import Classification
from assess.collect.git.collector import wanted
from assess.collect.git.dispatch import reading
from assess.collect.git.extract import EXTRACTORS
from assess.collect.git.file import Extractor
from assess.collect.git.libgit2 import git
from assess.collect.git.repository import Repository
from tests.bench.measure import Ratio, interleaved
from tests.bench.world import repository

FILES = 4_000
Answer = set[tuple[str, str]]
"""Which file is read by which extractor."""


def ratios(directory: Path) -> Iterator[Ratio]:
    path = repository(directory / "monorepo", FILES)
    objects = _objects(path)
    assert answers(path) == by_script(path, directory / "tree"), "the script and the product answer differently"
    floor, ours = interleaved(lambda: _read(path, objects), lambda: answers(path), rounds=9)
    told = f"{FILES} files in {ours * 1000:.0f} ms; reading the same {len(objects)} objects {floor * 1000:.0f} ms"
    yield Ratio("inventory to its floor", ours / floor, told, most=3)
    script, ours = interleaved(lambda: by_script(path, directory / "tree"), lambda: answers(path))
    told = f"checkout + os.walk + fnmatch + re {script:.2f} s, the product {ours:.3f} s"
    yield Ratio("inventory: times less than a script", script / ours, told, least=25)


def answers(path: Path) -> Answer:
    """By the product."""
    opened = Repository(path, "monorepo")
    inventory = opened.inventory()
    classification = Classification("monorepo", (entry.path for entry in inventory.files))
    found = set()
    for entry, offered in wanted(inventory, classification):
        content = opened.blob(entry)
        if isinstance(content, bytes):
            found |= {(entry.path, extractor.name) for extractor in reading(content, offered)}
    return found


def by_script(path: Path, tree: Path) -> Answer:
    """By a checkout, os.walk, fnmatch and re."""
    tree.mkdir()
    subprocess.run(["git", f"--git-dir={path}", f"--work-tree={tree}", "checkout", "-q", "-f", "main"], check=True)
    globs = [(glob, extractor) for extractor in EXTRACTORS for glob in _globs(extractor)]
    found = set()
    for directory, _, names in os.walk(tree):
        for name in names:
            full = f"{directory}/{name}"
            place = full[len(str(tree)) + 1 :]
            for extractor in dict.fromkeys(e for glob, e in globs if fnmatchcase(f"/{place.lower()}", glob)):
                if (extractor.within is None or extractor.within.search(place)) and _has_marks(full, extractor):
                    found.add((place, extractor.name))
    shutil.rmtree(tree)
    return found


def _globs(extractor: Extractor) -> list[str]:
    """The globs by which a script would find an extractor's files, over lower-case paths with a leading slash."""
    globs = [f"*/{escape(name)}" for name in extractor.names]
    globs += [f"*{suffix}" for suffix in extractor.suffixes if suffix]
    return [*globs, *(glob for prefix in extractor.prefixes for glob in (f"*/{prefix}*", f"*/{prefix}*/*"))]


def _has_marks(path: str, extractor: Extractor) -> bool:
    with open(path, "rb") as file:
        content = file.read()
    if extractor.marks is not None:
        return re.search(extractor.marks, content) is not None
    return not extractor.words or any(word in content for word in extractor.words)


def _objects(path: Path) -> list[bytes]:
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
    return [*trees, *blobs]


def _read(path: Path, objects: list[bytes]) -> None:
    odb = git().Repository(str(path)).odb
    for oid in objects:
        odb.read(pygit2.Oid(raw=oid))
