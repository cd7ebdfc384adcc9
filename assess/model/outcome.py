"""What a rule says about one unit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assess.model.fact import Assurance
from assess.model.target import Location
from assess.model.unit import Question


class Result(StrEnum):
    """The five things a rule can say. Unknown is never dropped and never counted as either."""

    MET = "met"
    UNMET = "unmet"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"
    ERROR = "error"


class Reading(StrEnum):
    """Declared: a closed world over the trees that were read. Confirmed: only what has happened or is so now."""

    DECLARED = "declared"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One rule on one unit in one reading.

    evidence: the places that decided it, at most five, in order of path.
    reason: why it is unknown or an error, else empty.
    """

    rule: str
    unit: str
    reading: Reading
    result: Result
    question: Question | None = None
    """The question about the unit that it answers; None where it settles a statement."""
    keeps: tuple[str, ...] = ()
    """The answers that stay possible; empty where nothing was removed."""
    statement: str = ""
    """The statement of an axis that it settles about a repository."""
    assurance: Assurance | None = None
    """How far the strongest fact goes that a statement rests on; None for questions, and where it rests on nothing."""
    evidence: tuple[Location, ...] = ()
    chain: tuple[str, ...] = ()
    reason: str = ""
