"""Tables of an assessment: plain values in every cell, one column a field of a gate, facts and flows among them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assess.model.assessment import Assessment, Flow, Leak
from assess.model.fact import TerraformRoot
from assess.model.outcome import Reading
from assess.model.placement import Counterexample, Gate, Placement, Scope
from assess.model.target import Location

AT = Location(target="shop", path="infra/main.tf", line=3)
LEAK = Leak(
    at=Location(target="prod", uid="e1"), time="2026-01-01T00:00:00Z", service="s3", action="PutObject", region="", account="",
    resource="", row="console", link="",
)  # fmt: skip
FULL = Assessment(
    version="1", organization="o", made_at="2026-01-01T00:00:00Z", tau=0.8, window_days=90, ruleset="r",
    placements=(
        Placement(
            subject="shop", scope=Scope.REPOSITORY, reading=Reading.DECLARED, low=2, high=3, units=2,
            gate=Gate(level=3, certain=1, possible=2, total=2, threshold=0.8), robustness={"0.9": (2, 3)},
            counterexamples=(Counterexample(unit="shop:infra#terraform-root", at=AT, levels=(2, 3), why="EXE-001: unknown"),
                             Counterexample(unit="shop:x#scripts", at=AT, levels=(1, 1), why="")),
        ),
        Placement(subject="docs", scope=Scope.REPOSITORY, reading=Reading.DECLARED, not_applicable="nothing is operated"),
    ),
    facts=(TerraformRoot(at=AT, tool="terraform", path="infra", backend=None, providers=("aws",)),),
    flows=(Flow(subject="prod", window_days=90, changes=2, by_channel={"console": 2}, by_executor={}, leaks=1, leak=(LEAK,)),),
)  # fmt: skip
EMPTY = Assessment(version="1", organization="o", made_at="", tau=0.8, window_days=90, ruleset="r")


def rows(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = FULL.to_frames()[name].to_dict("records")
    return found


def test_a_gate_is_columns_of_whole_numbers() -> None:
    placed, without = rows("placements")
    assert [placed[f"gate_{part}"] for part in ("level", "certain", "possible", "total", "threshold")] == [3, 1, 2, 2, 0.8]
    table = FULL.to_frames()["placements"]
    assert "gate" not in table.columns
    assert str(table["gate_level"].dtype) == "Int64"
    assert table["gate_level"].isna().tolist() == [False, True]
    assert without["not_applicable"] == "nothing is operated"


def test_a_counterexample_is_its_text() -> None:
    assert rows("placements")[0]["counterexamples"] == [
        "shop:infra#terraform-root (shop:infra/main.tf:3) L2-L3: EXE-001: unknown", "shop:x#scripts (shop:infra/main.tf:3) L1",
    ]  # fmt: skip


def test_a_fact_is_kind_place_tool_and_json() -> None:
    (fact,) = rows("facts")
    assert (fact["kind"], fact["at"], fact["tool"]) == ("TerraformRoot", "shop:infra/main.tf:3", "terraform")
    rest = json.loads(fact["rest"])
    assert (rest["path"], rest["backend"], rest["providers"]) == ("infra", None, ["aws"])
    assert not {"at", "tool"} & set(rest)


def test_a_flow_is_a_row_with_its_leaks() -> None:
    (flow,) = rows("flows")
    assert (flow["subject"], flow["by_channel"], flow["leak"][0]["action"]) == ("prod", {"console": 2}, "PutObject")


@pytest.mark.parametrize("name", sorted(FULL.to_frames()))
def test_every_cell_is_plain(name: str) -> None:
    for row in rows(name):
        json.dumps(row, default=_number)


def _number(value: object) -> object:
    if type(value).__module__.partition(".")[0] in ("numpy", "pandas"):
        return str(value)
    raise TypeError(f"a cell holds a {type(value).__name__}")


def test_empty_tables_keep_their_columns() -> None:
    full = FULL.to_frames()
    for name, table in EMPTY.to_frames().items():
        assert len(table) == 0
        assert list(table.columns) == list(full[name].columns), name
