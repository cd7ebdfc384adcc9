"""The JSON report holds to its published schema, and the schema can refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from assess.model.assessment import Assessment
from assess.report.json import render
from assess.spec.wire import assessment_schema, read_assessment
from tests.unit.report.world import sample
from tests.unit.report.worlds import hostile, many

SCHEMA_FILE = Path(__file__).parent.parent.parent.parent / "reports" / "schema" / "assessment.v1.json"


def test_the_published_schema_is_the_generated_one() -> None:
    assert json.loads(SCHEMA_FILE.read_text(encoding="utf-8")) == assessment_schema(), "run `python docs/generate.py`"


@pytest.mark.parametrize("world", [sample, hostile, lambda: many(3)], ids=["sample", "hostile", "many"])
def test_a_report_holds_to_the_schema(world: Callable[[], Assessment]) -> None:
    Draft202012Validator(assessment_schema()).validate(json.loads(render(world())))


@pytest.mark.parametrize(
    "broken",
    [
        lambda a: a.pop("placements") and a.pop("version"),
        lambda a: a["placements"][0].update(low="two"),
        lambda a: a["outcomes"][0].update(result="maybe"),
        lambda a: a["facts"][0].update(kind="Nonsense"),
        lambda a: a["units"][0].pop("at"),
    ],
)
def test_the_schema_refuses_what_is_none(broken: Callable[[dict[str, Any]], object]) -> None:
    value = json.loads(render(sample()))
    broken(value)
    assert not Draft202012Validator(assessment_schema()).is_valid(value)


@pytest.mark.parametrize("world", [sample, hostile])
def test_what_was_written_is_read_back(world: Callable[[], Assessment], tmp_path: Path) -> None:
    path = tmp_path / "assessment.json"
    path.write_text(render(world()), encoding="utf-8")
    assert read_assessment(path) == world()
