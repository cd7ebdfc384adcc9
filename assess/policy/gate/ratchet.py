"""What a change may not lower: the declared level of the repository, and what of it can be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from assess.model.assessment import Assessment
from assess.model.finding import Verdict
from assess.model.gap import GapReason
from assess.model.outcome import Reading
from assess.model.placement import Scope
from assess.policy.gate.change import Change
from assess.policy.gate.compare import Compared
from assess.policy.gate.notices import notice


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a repository stands. low, high: its declared level; None: it is not on the ladder. unread: path -> why."""

    low: int | None
    high: int = 5
    unread: dict[str, str] = field(default_factory=dict)


def stand(assessment: Assessment) -> Stand:
    """Where the one repository of an assessment stands."""
    unread = {gap.at.path: gap.what for gap in assessment.gaps if gap.reason not in (GapReason.EMPTY, GapReason.UNRESOLVED)}
    for placement in assessment.placements:
        if placement.scope is Scope.REPOSITORY and placement.reading is Reading.DECLARED:
            off = bool(placement.not_applicable)
            return Stand(None if off else placement.low, placement.high, unread)
    return Stand(None, unread=unread)


def fallen(before: Stand, after: Stand, ratchet: Iterable[str], change: Change) -> Compared:
    """A finding where the head's certain level is below the base's; one for each place that only the base could be read at."""
    bad, dark = [], []
    if "level" in ratchet and before.low is not None and (after.low is None or after.low < before.low):
        now = "off the ladder, for nothing in it is operated any more" if after.low is None else f"level {_span(after)}"
        bad.append(notice("GATE-015", change.after.at(""), f"the repository was level {_span(before)} and would be {now}"))
    if "coverage" in ratchet:
        moved = {change.renamed.get(path, path) for path in before.unread}
        for path, what in sorted(after.unread.items()):
            if path not in moved:
                said = f"{path or 'the repository'} could be read before: {what}"
                dark.append(notice("GATE-016", change.after.at(path), said, key=path, verdict=Verdict.NOT_OBSERVED))
    return Compared(new=tuple(bad), incomparable=tuple(dark))


def _span(one: Stand) -> str:
    return str(one.low) if one.low == one.high else f"{one.low} to {one.high}"
