"""Where a subject stands: an interval of levels with everything that explains it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from assess.model.outcome import Reading
from assess.model.target import Location


class Scope(StrEnum):
    """What can be placed."""

    REPOSITORY = "repository"
    CLUSTER = "cluster"
    ACCOUNT = "account"
    TEAM = "team"
    ORGANIZATION = "organization"


LEVELS: tuple[str, ...] = ("ClickOps", "Scripts", "Infrastructure as code", "Pipelines", "Packages and GitOps", "Portal")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPlace:
    """One unit on the ladder: its interval in both readings, and the answers still possible in the declared one."""

    unit: str
    kind: str
    target: str
    path: str
    at: Location
    declared: tuple[int, int]
    confirmed: tuple[int, int]
    answers: dict[str, tuple[str, ...]]
    owner: str = ""
    """The team that owns it; empty: nobody says so."""
    environment: str = ""
    """The environment that the estate file counts its path to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The coverage that decides: how many units reach a level for certain, and how many may."""

    level: int
    certain: int
    possible: int
    total: int
    threshold: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterexample:
    """A unit that does not reach the level, and the rule that says so."""

    unit: str
    at: Location
    levels: tuple[int, int]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One subject in one reading.

    low, high: the interval of levels, 0-5; meaningless where `not_applicable` says why there is none.
    histogram: units whose level is certain, by level 0-5, then those whose level is not.
    raise_units: the smallest set of units that has to move for the next level, nearest first.
    robustness: the interval at other thresholds, by threshold.
    """

    subject: str
    scope: Scope
    reading: Reading
    low: int = 0
    high: int = 5
    units: int = 0
    not_applicable: str = ""
    gate: Gate | None = None
    histogram: tuple[int, ...] = (0,) * 7
    counterexamples: tuple[Counterexample, ...] = ()
    settle: tuple[str, ...] = ()
    raise_units: tuple[str, ...] = ()
    robustness: dict[str, tuple[int, int]] = field(default_factory=dict)
    inversion: str = ""
    """A portal or self-service API in front of units at level 2 or lower, as a sentence."""
