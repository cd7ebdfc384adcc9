"""The channel table as a file: what loads, what is refused, and how a pack's own rows go with ours."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assess.content import load
from assess.errors import ContentError
from assess.flow import classify
from assess.spec.channels import Channels
from tests.unit.test_flow import TABLE, TERRAFORM, WRITE


def test_the_list_of_what_is_no_change_can_match() -> None:
    row = next(row for row in TABLE.drop if row.id == "not-a-change-of-the-estate")
    entries = re.findall(r'"([^":]+:[^"]+)"', row.when)
    assert len(entries) > 40
    for entry in entries:
        assert re.fullmatch(r"[a-z0-9-]+:\w+", entry), entry
        service, action = entry.split(":")
        assert row.condition.holds(replace(WRITE, service=service, action=action)), entry


def test_a_packs_own_rows_come_first_and_a_taken_id_is_refused(tmp_path: Path) -> None:
    def pack(row: str) -> Path:
        root = tmp_path / row
        (root / "house").mkdir(parents=True)
        (root / "channels").mkdir()
        (root / "pack.yaml").write_text("name: house\ndescription: Our own rows for our own accounts.\nprefixes: [HOU]\n")
        rule = (Path(__file__).parents[2] / "rules/definition/DEF-001-terraform-declares-resources.yaml").read_text()
        (root / "house/HOU-001-terraform-declares-resources.yaml").write_text(rule.replace("DEF-001", "HOU-001"))
        (root / "channels/aws.yaml").write_text(
            f"executors:\n  - id: {row}\n    when: fact.principal == 'deployer'\n    executor: pipeline\n"
            "    why: Only our runners may assume this role.\n    sources: [https://wiki.example.org/runners]\n"
        )
        return root

    own = load([pack("runner-role")])
    found = classify(replace(WRITE, user_agent=TERRAFORM), own.channels)
    assert (found.executor, found.levels) == ("pipeline", (3, 3))
    assert own.digest != load().digest
    with pytest.raises(ContentError, match="ci-identity is a row of"):
        load([pack("ci-identity")])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"when": "fact.userAgent == ''"}, "no field 'userAgent'"), ({"when": "fact.user_agent"}, "not true or false"),
        ({"channel": "clicks"}, "clicks"), ({"level": [3, 2]}, "ends before it starts"), ({"sources": []}, "sources"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_work_is_refused_at_load(row: dict[str, Any], said: str) -> None:
    good = {
        "id": "x",
        "when": "fact.from_console",
        "channel": "console",
        "level": [0, 0],
        "why": "Because of this.",
        "sources": ["https://a.example"],
    }
    assert Channels.model_validate({"channels": [good]}).channels[0].id == "x"
    with pytest.raises(ValueError, match=said):
        Channels.model_validate({"channels": [{**good, **row}]})
