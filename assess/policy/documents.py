"""Which files are policy input, parsed: documents by content id, with the line of every path. Nothing is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assess.collect.git.repository import Entry
from assess.model.finding import Finding, Verdict
from assess.model.gap import Gap, GapReason
from assess.model.target import Location
from assess.policy.engine import PARSE, UNSEEN, trouble
from assess.policy.tree import Tree
from assess.spec.document import Document, DocumentError, read_yaml

KINDS: dict[str, re.Pattern[str]] = {
    "github-workflow": re.compile(r"^\.(github|gitea|forgejo)/workflows/[^/]+\.ya?ml$"),
}
"""Kind of document -> the paths that hold it; policies name a kind in `reads`."""


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """One document that policies judge.

    id: the blob's object id and the document's position in it: equal ids have equal verdicts.
    """

    id: str
    kind: str
    path: str
    target: str
    document: Document

    @property
    def value(self) -> Any:
        """The parsed content."""
        return self.document.value

    def locate(self, path: tuple[str | int, ...]) -> Location:
        """The place of a path, or of its nearest ancestor that has one."""
        return Location(target=self.target, path=self.path, line=self.document.line(*path))


def kind_of(path: str) -> str:
    """The kind of document that a path holds; empty for none."""
    return next((kind for kind, pattern in KINDS.items() if pattern.search(path)), "")


def documents(tree: Tree) -> Iterator[tuple[str, list[PolicyDocument] | Finding]]:
    """Each policy input that is asked about: its path, and its documents or the finding that it cannot be read."""
    for gap in tree.gaps:
        yield gap.at.path, unread(tree, "rego", gap)
    for path in sorted(path for path in tree.links if kind_of(path)):
        yield path, trouble(
            "rego", UNSEEN, tree.at(path), "is a symbolic link or a submodule now: its content is not in this commit",
            "Commit the file itself.", Verdict.NOT_OBSERVED,
        )  # fmt: skip
    for entry in tree.asked():
        kind = kind_of(entry.path)
        if kind and tree.counts(entry.path):
            yield entry.path, _parsed(tree, entry, kind)


def _parsed(tree: Tree, entry: Entry, kind: str) -> list[PolicyDocument] | Finding:
    content = tree.blob(entry)
    if isinstance(content, Gap):
        return unread(tree, "rego", content)
    try:
        found = read_yaml(content)
    except DocumentError as error:
        return trouble("rego", PARSE, tree.at(entry.path, error.line), f"not readable as YAML: {error.why}", "Mend the file.")
    return [
        PolicyDocument(f"{entry.oid.hex()}:{position}:{kind}", kind, entry.path, tree.label, document)
        for position, document in enumerate(found)
    ]


def unread(tree: Tree, engine: str, gap: Gap) -> Finding:
    """The finding for a file whose content cannot be had."""
    fix = gap.settle or ("Split the file." if gap.reason is GapReason.TOO_LARGE else "")
    return trouble(engine, UNSEEN, tree.at(gap.at.path), gap.what, fix, Verdict.NOT_OBSERVED)
