"""The floor of a scan: the blobs that it reads, read and parsed once by the fastest parser of each format, and dropped."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import orjson
import ryaml
import tree_sitter
import tree_sitter_hcl

from assess.collect.git.classify import Classification
from assess.collect.git.collector import wanted
from assess.collect.git.libgit2 import git
from assess.collect.git.repository import Repository

Place = tuple[Path, str, str]
"""A clone, its label and the commit."""


def parse_once(places: Iterable[Place]) -> None:
    """Read every blob that the product reads, and parse the YAML, JSON and HCL among them."""
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))
    for path, label, commit in places:
        opened = Repository(path, label, commit)
        for name, oid in _names(path, label, commit):
            try:
                content = opened.read(oid)
            except (KeyError, git().GitError):
                continue  # absent from a partial clone
            _parse(parser, name.rpartition(".")[2].lower(), content)


_NAMES: dict[Path, list[tuple[str, bytes]]] = {}


def _names(path: Path, label: str, commit: str) -> list[tuple[str, bytes]]:
    """The blobs that the product reads; found once, for finding them is no part of the floor."""
    if path not in _NAMES:
        opened = Repository(path, label, commit)
        inventory = opened.inventory()
        classification = Classification(label, (entry.path for entry in inventory.files))
        _NAMES[path] = [(entry.path, entry.oid) for entry, _ in wanted(inventory, classification)]
    return _NAMES[path]


def _parse(parser: tree_sitter.Parser, suffix: str, content: bytes) -> None:
    try:
        if suffix in ("yaml", "yml"):
            list(ryaml.loads_all(content.decode()))
        elif suffix == "json":
            orjson.loads(content)
        elif suffix in ("tf", "tofu", "hcl"):
            parser.parse(content)
    except (ryaml.InvalidYamlError, ValueError, TypeError):
        return  # no parser takes every file
