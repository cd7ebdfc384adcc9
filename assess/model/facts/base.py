"""What every fact has."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assess.model.target import Location


class Assurance(StrEnum):
    """How far a fact goes: written down, has happened, or is so now."""

    DECLARED = "declared"
    EXERCISED = "exercised"
    EFFECTIVE = "effective"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that was seen at a place a person can open."""

    at: Location
    tool: str = ""
    """The tool that this place uses, by the id that its extractor gives it (lower case, hyphens); empty: none is known."""
    assurance: Assurance = Assurance.DECLARED

    @property
    def kind(self) -> str:
        """The name of the fact's kind, as rules write it."""
        return type(self).__name__
