"""What is scanned: a repository, a cluster or an account, and where a person can open it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """The kind of place a fact comes from."""

    GIT = "git"
    FORGE = "forge"
    """A list of repositories that a server keeps: what is in them is each repository's own."""
    KUBERNETES = "kubernetes"
    AWS = "aws"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One repository, cluster or account.

    label: how reports name it; unique within a run, holds no credentials.
    commit: what was read of a repository (40 hex digits), empty elsewhere.
    remote: the repository's address without userinfo, as its clones know it (may be empty).
    web: where a browser opens it, without trailing slash (may be empty).
    forge: the product that serves `web`, a word of `FORGES` (may be empty).
    as_of: the time that it was to be read at, UTC, ISO 8601; empty: as it was when it was read.
    """

    source: Source
    label: str
    commit: str = ""
    branch: str = ""
    remote: str = ""
    web: str = ""
    forge: str = ""
    as_of: str = ""
    read: bool = True
    """False: the target was named but could not be read; the gaps say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place a person can open: a commit-pinned file and line, a live object, an event.

    path: relative to the repository, forward slashes; for a cluster `namespace/Kind/name`; for an account the event.
    line: counted from 1; 0 where a line makes no sense.
    uid: object uid or event id, where there is one.
    """

    target: str
    path: str = ""
    line: int = 0
    uid: str = ""

    def __str__(self) -> str:
        place = f"{self.target}:{self.path}" if self.path else self.target
        return f"{place}:{self.line}" if self.line else place
