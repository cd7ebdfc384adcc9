"""Definitions of many files that one run covers: the parts of a project, put together by directory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from posixpath import dirname

from assess.collect.git.file import Part
from assess.model.fact import Definition, Fact
from assess.model.target import Location


@dataclass(frozen=True, slots=True)
class Piece(Part):
    """One file of a project.

    root: the directory that one run covers, as far as this file says. family: pieces and anchors that belong together.
    """

    at: Location
    tool: str
    form: str
    root: str
    family: str = ""


@dataclass(frozen=True, slots=True)
class Anchor(Part):
    """A file that says: a project of that family starts in this directory (`top.sls`, `flake.nix`)."""

    family: str
    root: str


def assemble(parts: Iterable[Part]) -> Iterator[Fact]:
    """One definition for each tool and directory, with the number of its files.

    A piece belongs to the nearest anchor of its family above it; where there is none, to the root that it names.
    """
    parts = tuple(parts)
    anchors = {(part.family, part.root) for part in parts if isinstance(part, Anchor)}
    groups: dict[tuple[str, str, str], list[Piece]] = defaultdict(list)
    for part in parts:
        if isinstance(part, Piece):
            groups[part.tool, part.form, _home(part, anchors)].append(part)
    for (tool, form, root), pieces in groups.items():
        first = min(pieces, key=lambda piece: (piece.path.count("/"), piece.path))
        yield Definition(at=first.at, tool=tool, path=root, form=form, objects=len(pieces))


def _home(piece: Piece, anchors: set[tuple[str, str]]) -> str:
    if not piece.family:
        return piece.root
    above = dirname(piece.path) or "."
    while True:
        if (piece.family, above) in anchors:
            return above
        if above == ".":
            return piece.root
        above = dirname(above) or "."
