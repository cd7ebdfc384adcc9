"""How a repository's default branch was changed: counts of a window, and what machines changed. Nobody is named."""

from __future__ import annotations

from dataclasses import dataclass

from assess.model.facts.base import Fact

MACHINES = ("pipeline", "controller", "updates", "release", "bot")
"""Those of `Tally.by` that are automation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A number of changes that agree in all of this."""

    by: str
    """person, assistant (a coding agent that a person set to work), pipeline, controller, updates, release, bot or unknown."""
    tool: str
    """The tool behind a machine's change; empty for people and machines of no known tool."""
    way: str
    """merge (a merge commit of a request), squash (a request as one commit), direct (a push) or unknown: a rebase merge, a
    fast-forward and a rewritten commit look alike."""
    touched: str
    """operations (at least one file that is operated from here), other, or unknown where the change was not looked into."""
    changes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class History(Fact):
    """The changes of one repository's first-parent line within a window, counted. One a repository.

    Holds no name, address or digest of a person.
    """

    since: str
    """Start of the window, UTC, ISO 8601."""
    until: str
    """Its end: when the repository was read."""
    window_days: int
    changes: int
    """How many were seen in the window; at least so many there are where `cut` says why not all."""
    cut: str = ""
    """shallow (the clone ends inside the window), missing (a commit is absent), cap (more than are read), or empty."""
    unopened: int = 0
    """Changes that were counted and not looked into: what they touch is unknown."""
    people: int = 0
    """How many different people the persons' changes are by."""
    last_change: str = ""
    """Date of the newest change of the line, in the window or not."""
    oldest: str = ""
    """Date of the oldest change that was counted."""
    dormant: bool | None = None
    """No change in the window; it removes no answers."""
    ahead: int = 0
    """Commits dated after the repository was read; counted nowhere."""
    automated: bool | None = None
    """Machines made at least half of the changes that touch what is operated. None: too few changes (under five), a clone that
    ends inside the window, or what was not looked into may turn it."""
    reviewed: bool | None = None
    """At least nine in ten of people's changes came by a merge or pull request; None as above, or where the commits do not tell."""
    tallies: tuple[Tally, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomatedChange(Fact):
    """Changes that a machine made in one directory of what is operated from here, within the window.

    It proves that this machine changes the definition; that anything applied it is not proven by it.
    """

    path: str
    by: str
    """controller, pipeline, updates, release or bot."""
    changes: int
    last: str
    """Date of the newest."""
    version: str = ""
    """The version tag on the newest release; releases only."""
