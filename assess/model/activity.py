"""Recent changes of one repository, as its commit graph tells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """The changes of one repository's default branch within a window, by maker and way: the direction, beside the stock's level.

    by_maker, by_way: each adds up to `changes`; the words are those of `Tally`. by_tool: machines' changes by tool.
    operations: changes seen to touch what is operated; operations_by_maker, operations_by_way: each adds up to it.
    unopened: changes that were counted and not looked into; some of them may touch it too.
    cut: why there may be more changes in the window than were seen: shallow, missing, cap; empty where all were seen.
    """

    subject: str
    since: str
    until: str
    window_days: int
    changes: int
    by_maker: Mapping[str, int] = field(default_factory=dict)
    by_tool: Mapping[str, int] = field(default_factory=dict)
    by_way: Mapping[str, int] = field(default_factory=dict)
    operations: int = 0
    operations_by_maker: Mapping[str, int] = field(default_factory=dict)
    operations_by_way: Mapping[str, int] = field(default_factory=dict)
    automated: int = 0
    """Operational changes by machines; coding agents are not among them, for a person set them to work."""
    unopened: int = 0
    people: int = 0
    last_change: str = ""
    oldest: str = ""
    dormant: bool | None = None
    cut: str = ""
    ahead: int = 0
