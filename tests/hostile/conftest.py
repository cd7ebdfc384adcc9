"""A time limit on every case, and a healthy repository to stand beside the sick one."""

from __future__ import annotations

import faulthandler
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest

from assess.model.assessment import Assessment
from assess.model.gap import Gap
from assess.request import Request
from assess.run import scan
from tests.worlds import commit

SECONDS = 40
HEALTHY = {
    "infra/main.tf": 'terraform {\n  backend "s3" {}\n}\nresource "aws_s3_bucket" "logs" {}\n',
    ".github/workflows/apply.yml": "on: {push: {branches: [main]}}\njobs:\n  apply:\n    steps:\n      - run: terraform -chdir=infra apply\n",
}


class Overtime(BaseException):
    """A case took longer than it may. No `except Exception` of the product hides it."""


def _overtime(_signal: int, _frame: FrameType | None) -> None:
    raise Overtime(f"took longer than {SECONDS} seconds")


@pytest.fixture(autouse=True)
def _time_limit() -> Iterator[None]:
    """Ends a case after SECONDS; where native code does not listen, ends the whole run after three times that."""
    before = signal.signal(signal.SIGALRM, _overtime)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    faulthandler.dump_traceback_later(3 * SECONDS, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


class Beside:
    """A run over a sick repository with a healthy one beside it, and what is asked of it."""

    def __init__(self, assessment: Assessment, alone: Assessment, label: str) -> None:
        self.assessment, self.label = assessment, label
        self.gaps = [gap for gap in assessment.gaps if gap.at.target == label]
        self.units = [unit for unit in assessment.units if unit.target == label]
        (self.target,) = (target for target in assessment.targets if target.label == label)
        assert healthy_part(assessment) == healthy_part(alone), "the repository beside it came out otherwise than alone"

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


@pytest.fixture
def scanned(tmp_path: Path) -> Callable[..., Beside]:
    """A function that scans a repository with a healthy one beside it: `scanned(path)`."""

    def run(path: Path, **options: object) -> Beside:
        healthy = str(commit(tmp_path / "beside" / "healthy", HEALTHY))
        alone = scan(Request(targets=(healthy,)))
        assert alone.placement("healthy") is not None
        return Beside(scan(Request(targets=(str(path), healthy), **options)), alone, path.name)  # type: ignore[arg-type]

    return run
