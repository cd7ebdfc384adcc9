"""The Python API: one call in, values and tables out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import assess
from assess import Request, scan
from assess.model.outcome import Reading

WORLD = {
    "infra/main.tf": 'terraform { backend "s3" {} }\nresource "aws_s3_bucket" "logs" {}\n',
    ".github/workflows/apply.yml": "on: {push: {branches: [main]}}\njobs:\n  apply:\n    steps:\n      - run: terraform -chdir=infra apply\n",
}


def test_a_scan_gives_an_assessment(repository: Callable[..., Path]) -> None:
    assessment = scan(Request.build((str(repository(WORLD)),)))
    declared, confirmed = assessment.placement("shop"), assessment.placement("shop", Reading.CONFIRMED)
    assert declared
    assert confirmed
    assert (declared.low, declared.high) == (3, 3)
    assert (confirmed.low, confirmed.high) == (0, 5)
    assert assessment.placement("nobody") is None


def test_an_assessment_is_tables_too(repository: Callable[..., Path]) -> None:
    tables = scan(Request.build((str(repository(WORLD)),))).to_frames()
    assert set(tables) == {"placements", "units", "outcomes", "findings", "gaps", "flows", "activity", "standings", "edges", "facts"}
    (unit,) = tables["units"].to_dict("records")
    assert unit["path"] == "infra"
    assert unit["at"] == "shop:infra/main.tf:1"
    assert list(tables["gaps"].columns)


def test_the_public_names_are_there() -> None:
    assert {name for name in assess.__all__ if getattr(assess, name) is None} == set()


def test_the_same_input_gives_the_same_assessment(repository: Callable[..., Path]) -> None:
    request = Request.build((str(repository(WORLD)),))
    assert scan(request) == scan(request)
