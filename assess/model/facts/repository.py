"""What is seen of a repository as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from assess.model.facts.base import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside(Fact):
    """A tree that does not count as use, with the reason."""

    role: str
    """documentation, test, example, vendored, generated, skeleton, archive, own-source or development."""
    path: str
    files: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository(Fact):
    """One repository at one commit, as a whole."""

    files: int
    purpose: str
    """operations, software, library, documentation, catalog, policy or empty: what most of its files are for."""
    reason: str
    """The evidence for the purpose, as a sentence."""
    languages: tuple[str, ...] = ()
    last_commit: str = ""
    """ISO date of the newest commit that was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolMarker(Fact):
    """A tool known by a file of its own, where no other fact says more."""

    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership(Fact):
    """Who owns a path, and who says so."""

    path: str
    """A glob relative to the repository; `**` is all of it."""
    owner: str
    """Empty: the line takes the path out of what the lines before it say."""
    by: str
    """estate, catalog or codeowners, strongest first."""
