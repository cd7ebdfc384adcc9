"""Where a repository stands on an axis beside the ladder: one statement, on the one scale of evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assess.model.target import Location


class State(StrEnum):
    """How far the evidence for a statement goes. Unknown is not absent, and neither is a failure."""

    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"
    ABSENT = "absent"
    DECLARED = "declared"
    EXERCISED = "exercised"
    EFFECTIVE = "effective"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One statement about one subject.

    statement: `AXIS.STATEMENT`. rules: those that settled it, or could not. evidence: at most five places.
    reason: why it is unknown, else empty.
    """

    subject: str
    statement: str
    state: State
    rules: tuple[str, ...] = ()
    evidence: tuple[Location, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementText:
    """What a report needs to say of a statement."""

    id: str
    axis: str
    text: str
