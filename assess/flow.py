"""Recent changes by channel and executor: the direction, beside the level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from assess.model.assessment import Flow
from assess.model.fact import ChangeEvent, Fact
from assess.model.target import Target


def flows(targets: Sequence[Target], facts: Mapping[str, Sequence[Fact]], window_days: int) -> tuple[Flow, ...]:
    """One flow for each target in which changes were seen, by label."""
    found = []
    for target in targets:
        changes = [fact for fact in facts.get(target.label, ()) if isinstance(fact, ChangeEvent)]
        if changes:
            leak = sorted((c for c in changes if c.channel == "console"), key=lambda c: c.time, reverse=True)
            found.append(
                Flow(
                    subject=target.label, window_days=window_days, changes=len(changes), leak=tuple(leak[:5]),
                    by_channel=dict(Counter(c.channel for c in changes).most_common()),
                    by_executor=dict(Counter(c.executor for c in changes).most_common()),
                )
            )  # fmt: skip
    return tuple(found)
