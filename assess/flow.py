"""Recent changes, of accounts by channel and executor, of repositories by maker and way: the direction, beside the level. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from assess.model.activity import Activity
from assess.model.assessment import Flow, Leak
from assess.model.fact import MACHINES, ChangeEvent, Fact, History, Tally
from assess.model.gap import Gap, GapReason
from assess.model.target import Source, Target
from assess.spec.channels import Channel, Channels, Executor, Levels, first_match

_LEAKS = 5
_ANY: Levels = (0, 5)
_UNDECIDED = "undecided"
_UNMATCHED = "unmatched"


@dataclass(frozen=True, slots=True)
class Change:
    """A recorded call with its place in the channel table.

    dropped: the row that says it is no change; empty for a change. row: the row that decided the channel,
    `unmatched` where none holds, `undecided` where it hangs on something that the record does not say.
    """

    event: ChangeEvent
    channel: Channel = Channel.UNATTRIBUTED
    executor: Executor = Executor.UNKNOWN
    levels: Levels = _ANY
    row: str = _UNMATCHED
    dropped: str = ""


def classify(event: ChangeEvent, channels: Channels) -> Change:
    """The channel and executor of a recorded call. What no row decides for certain is unattributed, never guessed."""
    drop = first_match(channels.drop, event)
    if len(drop) == 1 and drop[0] is not None:
        return Change(event, dropped=drop[0].id)
    rows = first_match(channels.channels, event)
    named = [row for row in rows if row is not None]
    if not named:
        return Change(event, executor=_executor(event, channels))
    executors = {row.executor or _executor(event, channels) for row in named}
    executor = executors.pop() if len(executors) == 1 and len(named) == len(rows) else _executor(event, channels)
    intervals = [row.levels(executor) if row is not None else _ANY for row in rows]
    levels = min(low for low, _ in intervals), max(high for _, high in intervals)
    if len(named) < len(rows) or len({row.channel for row in named}) > 1:
        return Change(event, executor=executor, levels=levels, row=_UNDECIDED)
    return Change(event, named[0].channel, executor, levels, named[-1].id)


def _executor(event: ChangeEvent, channels: Channels) -> Executor:
    found = {row.executor if row is not None else Executor.UNKNOWN for row in first_match(channels.executors, event)}
    return found.pop() if len(found) == 1 else Executor.UNKNOWN


def flows(
    targets: Sequence[Target], facts: Mapping[str, Sequence[Fact]], window_days: int, channels: Channels,
    gaps: Sequence[Gap], now: datetime,
) -> tuple[Flow, ...]:  # fmt: skip
    """One flow for each account whose trail was read, also where it holds no change; none where it was not."""
    found = []
    for target in targets:
        events = [fact for fact in facts.get(target.label, ()) if isinstance(fact, ChangeEvent)]
        hidden = [gap.reason for gap in gaps if gap.at.target == target.label and ChangeEvent.__name__ in gap.blinds]
        denied = not target.read or GapReason.NO_PERMISSION in hidden
        if events or (target.source is Source.AWS and not denied):
            changes = _classified(events, channels)
            since = (now - timedelta(days=window_days)).strftime("%Y-%m-%dT%H:%M:%SZ")
            found.append(_flow(target.label, changes, window_days, since, GapReason.TRUNCATED in hidden))
    return tuple(found)


def _classified(events: Iterable[ChangeEvent], channels: Channels) -> list[Change]:
    """As `classify` of each event; events that agree in every field that the table reads are judged once."""
    known: dict[tuple[object, ...], Change] = {}
    changes = []
    for event in events:
        key = tuple(getattr(event, name) for name in channels.reads)
        if key not in known:
            known[key] = classify(event, channels)
        changes.append(replace(known[key], event=event))
    return changes


def _flow(subject: str, seen: Sequence[Change], window_days: int, since: str, truncated: bool) -> Flow:
    inside = [change for change in seen if change.event.time >= since]
    counted = [change for change in inside if not change.dropped]
    leaks = [change for change in counted if change.channel is Channel.CONSOLE and change.executor is Executor.HUMAN]
    leaks.sort(key=lambda change: (change.event.time, change.event.at.uid), reverse=True)
    times = sorted(change.event.time for change in seen)
    return Flow(
        subject=subject, window_days=window_days, changes=len(counted),
        by_channel=_counts(c.channel.value for c in counted), by_executor=_counts(c.executor.value for c in counted),
        by_level=_by_level(counted), by_row=_counts(c.row for c in counted),
        unattributed=sum(c.channel is Channel.UNATTRIBUTED for c in counted),
        set_aside=_counts(c.dropped for c in inside if c.dropped), outside=len(seen) - len(inside),
        oldest=times[0] if times else "", newest=times[-1] if times else "", pages=_pages(seen), truncated=truncated,
        leaks=len(leaks), leak=tuple(_leak(change) for change in leaks[:_LEAKS]),
    )  # fmt: skip


def _counts(names: Iterable[str]) -> dict[str, int]:
    """How often each name occurs, the most frequent first, then by name."""
    return dict(sorted(Counter(names).items(), key=lambda item: (-item[1], item[0])))


def _by_level(changes: Iterable[Change]) -> dict[str, int]:
    counts = Counter(change.levels for change in changes)
    return {str(low) if low == high else f"{low}-{high}": counts[low, high] for low, high in sorted(counts)}


def _pages(changes: Iterable[Change]) -> int:
    """The pages that held a record, over all regions."""
    return len({(change.event.region, change.event.page) for change in changes if change.event.page})


def _leak(change: Change) -> Leak:
    event = change.event
    return Leak(
        at=event.at, time=event.time, service=event.service, action=event.action, region=event.region, account=event.account,
        resource=event.resource, row=change.row, link=event_link(event.region, event.at.uid),
    )  # fmt: skip


def event_link(region: str, event: str) -> str:
    """Where the console shows an event; empty without region or event. Whoever opens it has to be in the account.

    Source: the consoles of the partitions (https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html).
    """
    from urllib.parse import quote

    if not region or not event:
        return ""
    host = "console.aws.amazon.com"
    if region.startswith("cn-"):
        host = "console.amazonaws.cn"
    elif region.startswith("us-gov-"):
        host = "console.amazonaws-us-gov.com"
    return f"https://{host}/cloudtrailv2/home?region={quote(region)}#/events/{quote(event)}"


def activities(facts: Iterable[Fact]) -> tuple[Activity, ...]:
    """One for each repository whose history was read, also where nothing changed, by label.

    The window is the one that was read: judging again under another one cannot look further back.
    """
    return tuple(_activity(fact) for fact in sorted((f for f in facts if isinstance(f, History)), key=lambda f: f.at.target))


def _activity(fact: History) -> Activity:
    touched = [tally for tally in fact.tallies if tally.touched == "operations"]
    return Activity(
        subject=fact.at.target, since=fact.since, until=fact.until, window_days=fact.window_days, changes=fact.changes,
        by_maker=_summed(fact.tallies, "by"), by_way=_summed(fact.tallies, "way"),
        by_tool=_summed([tally for tally in fact.tallies if tally.by in MACHINES and tally.tool], "tool"),
        operations=sum(tally.changes for tally in touched), operations_by_maker=_summed(touched, "by"),
        operations_by_way=_summed(touched, "way"), automated=sum(tally.changes for tally in touched if tally.by in MACHINES),
        unopened=fact.unopened, people=fact.people, last_change=fact.last_change, oldest=fact.oldest, dormant=fact.dormant,
        cut=fact.cut, ahead=fact.ahead,
    )  # fmt: skip


def _summed(tallies: Iterable[Tally], name: str) -> dict[str, int]:
    """The changes by one field of their tallies, the most frequent first, then by name."""
    counts: Counter[str] = Counter()
    for tally in tallies:
        counts[getattr(tally, name)] += tally.changes
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
