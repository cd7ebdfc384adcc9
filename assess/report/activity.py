"""Recent changes of repositories as reports show them: numbers for a table, and sentences that say what they rest on."""

from __future__ import annotations

from dataclasses import dataclass

from assess.model.activity import Activity
from assess.model.assessment import Assessment
from assess.report.text import plain
from assess.report.words import count

_MAKERS = {
    "person": ("a person", "people"), "assistant": ("a coding agent", "coding agents"), "pipeline": ("a pipeline", "pipelines"),
    "controller": ("a controller", "controllers"), "updates": ("an update bot", "update bots"), "release": ("a release tool", "release tools"),
    "bot": ("another bot", "other bots"), "unknown": ("somebody unknown", "unknown makers"),
}  # fmt: skip
COLUMNS = ("Changes", "People", "Operational", "Automated", "Request", "Push", "Untold", "Last")
_CUT = {
    "shallow": "The clone is shallow: there may be more changes in the window (`git fetch --unshallow`).",
    "missing": "A commit is absent from the clone: there may be more changes in the window.",
    "cap": "Older changes of the window were not read, to bound the cost.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityLine:
    """One repository's recent changes.

    cells: as `COLUMNS`. said: all of it as sentences. rests: what the counts rest on, as sentences.
    """

    subject: str
    cells: tuple[str, ...]
    said: str
    rests: str


def activity_lines(assessment: Assessment) -> tuple[ActivityLine, ...]:
    """Each repository's recent changes, those with most changes first."""
    ranked = sorted(assessment.activity, key=lambda one: (-one.changes, one.subject))
    return tuple(_line(one) for one in ranked)


def note(assessment: Assessment) -> str:
    """What the columns mean, as sentences."""
    days = sorted({one.window_days for one in assessment.activity})
    window = f"In the {count(days[0], 'day')} before the reading" if len(days) == 1 else "Each in its own window"
    return (
        f"{window}, along the first parents of the commit that was read. Operational: changes that touch what is operated, of those "
        "looked into. Automated: what part of these machines made, by the names in commits. Request: through a merge or pull "
        "request. Untold: a rebase merge, a fast-forward and a push look alike. +: there may be more in the window."
    )


def _line(one: Activity) -> ActivityLine:
    opened = one.changes - one.unopened
    ways = (one.by_way.get("merge", 0) + one.by_way.get("squash", 0), one.by_way.get("direct", 0), one.by_way.get("unknown", 0))
    cells = (
        f"{one.changes:,}{'+' if one.cut else ''}", f"{one.people:,}",
        f"{one.operations:,} of {opened:,}" if one.unopened else f"{one.operations:,}",
        f"{100 * one.automated / one.operations:.0f} %" if one.operations else "", *(f"{number:,}" for number in ways), plain(one.last_change),
    )  # fmt: skip
    return ActivityLine(subject=plain(one.subject), cells=cells, said=_said(one), rests=_rests(one))


def _said(one: Activity) -> str:
    days = f"the {count(one.window_days, 'day')} before {plain(one.until[:10])}"
    if not one.changes:
        last = f" The last one was on {plain(one.last_change)}." if one.last_change else ""
        return f"{'No change was seen' if one.cut else 'No change'} in {days}.{last}"
    least = "At least " if one.cut else ""
    who = ", ".join(f"{_MAKERS.get(by, (by, by))[number != 1]} {number:,}" for by, number in one.by_maker.items())
    return f"{least}{count(one.changes, 'change')} in {days}: {who}. {_operations(one)} {_ways(one)} The last one was on {plain(one.last_change)}."


def _operations(one: Activity) -> str:
    opened = one.changes - one.unopened
    if not opened:
        return "None was looked into, so what they touch is unknown."
    scope = f"Of the {opened:,} that were looked into" if one.unopened else "Of these"
    if not one.operations:
        return f"{scope}, none touches what is operated from here."
    made = f"automation made {one.automated:,} of them" if one.automated else "automation made none of them"
    share = f" ({100 * one.automated / one.operations:.0f} %)" if one.automated else ""
    return f"{scope}, {one.operations:,} {'touches' if one.operations == 1 else 'touch'} what is operated from here; {made}{share}."


def _ways(one: Activity) -> str:
    merged, squashed, direct = (one.by_way.get(way, 0) for way in ("merge", "squash", "direct"))
    parts = [f"{merged + squashed:,} came by merge or pull request" + (f" ({squashed:,} squashed)" if squashed else "")]
    parts += [f"{direct:,} by a direct push"] if direct else []
    if unclear := one.by_way.get("unknown", 0):
        parts.append(f"of {unclear:,} the commits do not tell (a rebase merge, a fast-forward and a push look alike)")
    return ", ".join(parts) + "."


def _rests(one: Activity) -> str:
    """What the counts rest on: the line of first parents, and where it was cut."""
    parts = ["Counted along the first parents of the commit that was read; makers are told by the names in commits."] if one.changes else []
    parts += [_CUT[one.cut]] if one.cut in _CUT else []
    if one.unopened:
        parts.append(f"{count(one.unopened, 'change')} counted and not looked into, to bound the cost.")
    if one.ahead:
        parts.append(f"{count(one.ahead, 'commit')} dated later than the reading, counted nowhere.")
    return " ".join(parts)
