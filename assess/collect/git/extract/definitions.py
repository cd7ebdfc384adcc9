"""Definitions of many files that one run covers: the parts of a project, put together by directory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from posixpath import dirname

from assess.collect.git.file import Part
from assess.model.fact import Definition, Fact
from assess.model.target import Location
from assess.model.unit import within


@dataclass(frozen=True, slots=True)
class Piece(Part):
    """One file of a project.

    root: the directory that one run covers, as far as this file says. family: pieces and anchors that belong together.
    tasks, commands, packages: what it adds to the definition's own numbers.
    """

    at: Location
    tool: str
    form: str
    root: str
    family: str = ""
    tasks: int = 0
    commands: int = 0


@dataclass(frozen=True, slots=True)
class Packages(Part):
    """What a file next to a tool's definitions draws in from elsewhere: `requirements.yml`, a Puppetfile.

    root: the project that it speaks of. local: packages of the repository's own.
    """

    tool: str
    root: str
    local: int = 0
    pinned: int = 0
    unpinned: int = 0


@dataclass(frozen=True, slots=True)
class Tasks(Part):
    """The steps of a file that definitions include: a role's tasks. project: the directory that holds its roles."""

    tool: str
    project: str
    tasks: int
    commands: int


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
    roots: dict[str, set[str]] = defaultdict(set)
    for tool, _, root in groups:
        roots[tool].add(root)
    shared = _shares(parts, roots)
    for (tool, form, root), pieces in groups.items():
        first = min(pieces, key=lambda piece: (piece.path.count("/"), piece.path))
        mine = shared[tool, root]
        steps: list[Piece | Tasks] = [*pieces, *(part for part in mine if isinstance(part, Tasks))]
        drawn = [part for part in mine if isinstance(part, Packages)]
        yield Definition(
            at=first.at, tool=tool, path=root, form=form, objects=len(pieces),
            tasks=sum(part.tasks for part in steps), commands=sum(part.commands for part in steps),
            packages_local=sum(part.local for part in drawn), packages_pinned=sum(part.pinned for part in drawn),
            packages_unpinned=sum(part.unpinned for part in drawn),
        )  # fmt: skip


def _shares(parts: Iterable[Part], roots: dict[str, set[str]]) -> dict[tuple[str, str], list[Tasks | Packages]]:
    """What belongs to each definition, by tool and root: what lies below it; else, what stands in the project that it is part of."""
    shared: dict[tuple[str, str], list[Tasks | Packages]] = defaultdict(list)
    for part in parts:
        if isinstance(part, Tasks | Packages):
            own = roots[part.tool]
            project = part.project if isinstance(part, Tasks) else part.root
            above = [root for root in own if within(project, root)]
            beside = [root for root in own if within(root, project)]
            for root in [max(above, key=len)] if above else beside:
                shared[part.tool, root].append(part)
    return shared


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
