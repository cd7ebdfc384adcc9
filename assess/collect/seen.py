"""What one collector brings back from one target."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assess.model.credentials import cleaned
from assess.model.fact import Fact
from assess.model.gap import Gap
from assess.model.target import Target


@dataclass(frozen=True, slots=True)
class Seen:
    """A target with its facts and gaps, in the order they were come by."""

    target: Target
    facts: tuple[Fact, ...] = ()
    gaps: tuple[Gap, ...] = ()
    read_at: str = ""
    """When it was read, UTC, ISO 8601; empty where nobody says."""
    place: Path | None = None
    """Where the objects of a repository lie on this machine, for whoever reads more of them; of no file that a run leaves."""


def without_credentials(seen: Seen) -> Seen:
    """The same without anything that looks like a credential: the one way out of a collector."""
    return Seen(cleaned(seen.target), tuple(map(cleaned, seen.facts)), tuple(map(cleaned, seen.gaps)), seen.read_at, seen.place)
