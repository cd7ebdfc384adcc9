"""What a cluster hides counts against it: with fewer permissions no level rises."""

from __future__ import annotations

import pytest

from assess.collect.kubernetes.objects import facts_from_objects
from assess.collect.seen import Seen
from assess.model.assessment import Assessment
from assess.model.gap import Gap, GapReason
from assess.model.placement import Scope
from assess.model.target import Location, Source, Target
from assess.request import Request
from assess.run import assess
from tests.unit.collect.kubernetes.test_objects import application, deployment, wrote

CLUSTER = "kubernetes:prod"
TARGET = Target(source=Source.KUBERNETES, label=CLUSTER)


def low(assessment: Assessment, scope: Scope) -> int:
    return assessment.of_scope(scope)[0].low


def assessed(applications: int, clicked: int, *, hidden: bool) -> Assessment:
    """A cluster with applications in sync and workloads made in a console, which may be hidden."""
    delivered = [application(f"app-{n}") for n in range(applications)]
    by_hand = [deployment(wrote("Mozilla"), name=f"web-{n}") for n in range(0 if hidden else clicked)]
    gap = Gap(
        at=Location(target=CLUSTER, path="deployments.apps"),
        reason=GapReason.NO_PERMISSION,
        what="403",
        blinds=("LiveWorkload",),
    )
    return assess(Request(), [Seen(TARGET, facts_from_objects(CLUSTER, [*delivered, *by_hand]), (gap,) if hidden else ())])


@pytest.mark.parametrize("scope", [Scope.CLUSTER, Scope.ORGANIZATION])
def test_a_collection_that_is_hidden_counts_as_unknown(scope: Scope) -> None:
    assert low(assessed(1, 1, hidden=False), scope) == 0
    assert low(assessed(1, 1, hidden=True), scope) == 0
    assert low(assessed(1, 0, hidden=False), scope) == 4


@pytest.mark.parametrize("scope", [Scope.CLUSTER, Scope.ORGANIZATION])
def test_however_many_are_hidden_no_level_rises(scope: Scope) -> None:
    assert low(assessed(20, 10, hidden=True), scope) <= low(assessed(20, 10, hidden=False), scope)
