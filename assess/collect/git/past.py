"""A repository as it was: the newest commit of its default branch that is not after a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from assess.collect.git.commits import Read, load


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk along first parents found.

    commit: empty where no commit is old enough. whole: the walk came to the first commit of all.
    seen: commits walked over, the one found among them. oldest: when the last of them was committed.
    """

    commit: bytes
    whole: bool
    seen: int
    oldest: datetime


def newest_until(read: Read, tip: bytes, at: datetime) -> Walked:
    """The first commit on the way back from a tip, along first parents, whose committer date is not after a time.

    The commits' own text is read, not what the clone makes of it: a shallow clone hides the parents of its last commits.
    Source: https://git-scm.com/docs/git-commit-tree, https://git-scm.com/docs/git-log (--first-parent, --before)
    """
    limit, oid, seen, when = at.timestamp(), tip, 0, 0
    passed: set[bytes] = set()
    while oid not in passed and (commit := load(read, oid)) is not None:  # names of objects are not verified: a line may be a circle
        passed.add(oid)
        seen, when = seen + 1, min(commit.when, _LATEST)
        if when <= limit or not commit.parents:
            return Walked(oid if when <= limit else b"", True, seen, datetime.fromtimestamp(when, UTC))
        oid = commit.parents[0]
    return Walked(b"", False, seen, datetime.fromtimestamp(when, UTC))


_LATEST = 253_402_300_799
"""The last second that a date can name: the year 9999 ends there."""
