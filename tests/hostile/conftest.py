"""A time limit on every case, and a healthy repository to stand beside the sick one."""

from __future__ import annotations

import faulthandler
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from assess.content import Content, load
from assess.model.assessment import Assessment
from assess.model.gap import Gap
from assess.request import Request
from assess.run import assess, observe
from tests.worlds import commit

SECONDS, WAITED = 20, 180
"""How much processor time a case may take, and how long it may wait besides: other work on the machine is no hang."""
ENDED = re.compile("could not be read within|process that read it was ended")
HEALTHY = {
    "infra/main.tf": 'terraform {\n  backend "s3" {}\n}\nresource "aws_s3_bucket" "logs" {}\n',
    ".github/workflows/apply.yml": "on: {push: {branches: [main]}}\njobs:\n  apply:\n    steps:\n      - run: terraform -chdir=infra apply\n",
}


class Overtime(BaseException):
    """A case took longer than it may. No `except Exception` of the product hides it."""


def _overtime(_signal: int, _frame: FrameType | None) -> None:
    raise Overtime(f"took longer than {SECONDS} seconds of processor time, or waited for {WAITED}")


@pytest.fixture(autouse=True)
def _time_limit() -> Iterator[None]:
    """Ends a case after its time; where native code does not listen, ends the whole run."""
    before = signal.signal(signal.SIGALRM, _overtime), signal.signal(signal.SIGPROF, _overtime)
    signal.setitimer(signal.ITIMER_REAL, WAITED)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    faulthandler.dump_traceback_later(2 * WAITED, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGALRM, before[0])
    signal.signal(signal.SIGPROF, before[1])


class Beside:
    """A run over a sick repository with a healthy one beside it, and what is asked of it."""

    def __init__(self, assessment: Assessment, label: str) -> None:
        self.assessment, self.label = assessment, label
        self.gaps = [gap for gap in assessment.gaps if gap.at.target == label]
        self.units = [unit for unit in assessment.units if unit.target == label]
        (self.target,) = (target for target in assessment.targets if target.label == label)

    def gap(self, reason: str, path: str = "") -> Gap:
        """The gap with this reason at this path. Errors: AssertionError where there is none."""
        found = [gap for gap in self.gaps if gap.reason == reason and (not path or gap.at.path == path)]
        assert found, f"no gap '{reason}' at {path or 'the target'}; there are: {[f'{g.at}: {g.reason}: {g.what}' for g in self.gaps]}"
        return found[0]


def healthy_part(assessment: Assessment) -> list[object]:
    """What an assessment says of the healthy repository."""
    return [
        [value for value in assessment.units if value.target == "healthy"],
        [value for value in assessment.placements if value.subject == "healthy"],
        [value for value in assessment.gaps if value.at.target == "healthy"],
        [value for value in assessment.outcomes if value.unit.startswith("healthy:")],
    ]


def assert_no_narrower(assessment: Assessment, alone: list[Any]) -> None:
    """A repository that could not be read may deliver what another holds: that other's interval may widen for it, never narrow."""
    units = {unit.unit: unit for unit in assessment.units if unit.target == "healthy"}
    assert units.keys() == {unit.unit for unit in alone[0]}
    for unit in alone[0]:
        found = units[unit.unit]
        assert found.declared[0] <= unit.declared[0] <= unit.declared[1] <= found.declared[1]
        assert found.confirmed == unit.confirmed
    assert assessment.placement("healthy") is not None


@pytest.fixture(scope="session")
def content() -> Content:
    """Our rules, loaded once."""
    return load()


@pytest.fixture(scope="session")
def healthy(tmp_path_factory: pytest.TempPathFactory, content: Content) -> tuple[str, list[object]]:
    """A sound repository, and what a run over it alone says."""
    path = str(commit(tmp_path_factory.mktemp("beside") / "healthy", HEALTHY))
    request = Request(targets=(path,))
    alone = assess(request, observe(request), content)
    assert alone.units
    return path, healthy_part(alone)


@pytest.fixture
def scanned(healthy: tuple[str, list[object]], content: Content) -> Callable[[Path], Beside]:
    """A function that scans a repository with a healthy one beside it: `scanned(path)`; `ends`: the process that reads it is ended."""

    def run(path: Path, *, ends: bool = False) -> Beside:
        request = Request(targets=(str(path), healthy[0]), cpu_seconds=1 if ends else SECONDS)
        assessment = assess(request, observe(request), content)
        beside = Beside(assessment, path.name)
        assert ends or not [gap.what for gap in beside.gaps if ENDED.search(gap.what)]
        if beside.target.read:
            assert healthy_part(assessment) == healthy[1], "the repository beside it came out otherwise than alone"
        else:
            assert_no_narrower(assessment, healthy[1])
        return beside

    return run
