"""What could not be seen, why, and what would settle it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assess.model.target import Location


class GapReason(StrEnum):
    """Why something was not seen."""

    NO_PERMISSION = "no_permission"
    NOT_READ = "not_read"
    MISSING_OBJECT = "missing_object"
    PARSE_ERROR = "parse_error"
    UNRESOLVED = "unresolved"
    TOO_LARGE = "too_large"
    TRUNCATED = "truncated"
    SUBMODULE = "submodule"
    EMPTY = "empty"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One thing that was not seen.

    blinds: the fact kinds that may be hidden behind it; only rules that read one of these become unknown.
    under: the gap hides facts about units at, below or around this path only; empty means the whole target.
    events: what starts the job that hides behind it; empty where that is not told.
    settle: what a person can do so that the next run sees it.
    """

    at: Location
    reason: GapReason
    what: str
    settle: str = ""
    blinds: tuple[str, ...] = ()
    under: str = ""
    events: tuple[str, ...] = ()
