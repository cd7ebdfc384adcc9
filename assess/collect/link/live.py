"""Units of a cluster: what its GitOps objects deliver, and the workloads that none of them tracks."""

from __future__ import annotations

from collections.abc import Iterator

from assess.collect.link.delivery import DELIVERING
from assess.collect.seen import Seen
from assess.model.fact import GitOpsSource, LiveWorkload
from assess.model.target import Source
from assess.model.unit import Unit

_HIDE_NO_UNIT = ("applicationsets.", "gitrepositories.", "ocirepositories.")
"""Collections whose objects deliver nothing themselves: sources, and sets, which their applications tell of."""


def live_units(seen: Seen) -> Iterator[Unit]:
    """The units of one cluster, by the order of its objects; an account has none: it tells of changes, not of stock.

    A collection that could not be listed is one unit of which nothing is known, so that what is hidden is not counted
    as absent.
    """
    label = seen.target.label
    for fact in seen.facts:
        if isinstance(fact, GitOpsSource) and fact.object_kind in DELIVERING:
            yield _unit(label, "gitops", fact)
        elif isinstance(fact, LiveWorkload) and not fact.tracked_by:
            yield _unit(label, "workload", fact)
    for gap in seen.gaps if seen.target.source is Source.KUBERNETES else ():
        if {"GitOpsSource", "LiveWorkload"} & set(gap.blinds) and not gap.at.path.startswith(_HIDE_NO_UNIT):
            path = gap.at.path or "apis"
            yield Unit(id=f"{label}:{path}#workload", kind="workload", target=label, path=path, at=gap.at)


def _unit(label: str, kind: str, fact: GitOpsSource | LiveWorkload) -> Unit:
    return Unit(id=f"{label}:{fact.at.path}#{kind}", kind=kind, target=label, path=fact.at.path, at=fact.at, items=(fact,))
