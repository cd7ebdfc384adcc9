"""Files of an earlier run that were cut off, changed by hand or are old: refused with a reason, or read; never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assess.errors import UsageError
from assess.model.fact import ChangeEvent
from assess.model.gap import Gap, GapReason
from assess.model.target import Location, Source, Target
from assess.report import html, markdown, terminal
from assess.request import Request
from assess.run import scan
from assess.spec.wire import assessment_json, compressed, facts_text, read_assessment, read_facts, read_facts_text
from tests.unit.report.world import sample

SHOP = Target(source=Source.GIT, label="shop", commit="a" * 40)
GAP = Gap(at=Location(target="shop"), reason=GapReason.EMPTY, what="the commit holds no file")
WHOLE: dict[str, Any] = orjson.loads(assessment_json(sample()))
DAY = datetime(2026, 1, 1, tzinfo=UTC)


def refused(tmp_path: Path, value: object) -> str:
    """Why an assessment is not read."""
    (tmp_path / "a.json").write_bytes(orjson.dumps(value))
    with pytest.raises(UsageError) as error:
        read_assessment(tmp_path / "a.json")
    assert error.value.exit_code == 2
    return error.value.what


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"facts": 5}, "facts: not a list"), ({"facts": [5]}, "facts: not an object"), ({"facts": [{"kind": "Nothing"}]}, "facts: unknown kind 'Nothing'"),
        ({"facts": [{"kind": []}]}, "facts: unknown kind"), ({"facts": [{}]}, "facts: unknown kind"),
        ({"placements": []}, "placements: the organization is missing (declared)"), ({"placements": 5}, "placements: "), ({"tau": None}, "tau: "),
    ],
)  # fmt: skip
def test_a_damaged_assessment_says_what_is_wrong(tmp_path: Path, change: dict[str, Any], what: str) -> None:
    assert refused(tmp_path, WHOLE | change).startswith(what)


def test_an_assessment_that_lost_a_placement_says_whose(tmp_path: Path) -> None:
    for lost in WHOLE["placements"]:
        if lost["scope"] != "team":
            what = refused(tmp_path, WHOLE | {"placements": [p for p in WHOLE["placements"] if p != lost]})
            assert lost["reading"] in what
            assert (lost["subject"] if lost["scope"] != "organization" else "the organization") in what


def test_an_assessment_off_the_ladder_is_refused(tmp_path: Path) -> None:
    for change in ({"high": 6}, {"low": -1}, {"low": 5, "high": 2}, {"histogram": [1]}):
        assert "placements: " in refused(tmp_path, WHOLE | {"placements": [WHOLE["placements"][0] | change, *WHOLE["placements"]]})
    assert "units: " in refused(tmp_path, WHOLE | {"units": [WHOLE["units"][0] | {"declared": [0, 9]}, *WHOLE["units"][1:]]})


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path of every value below a value."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, child in children for found in ((*path, key), *places(child, (*path, key)))]


PLACES = places(WHOLE)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(PLACES), new=st.sampled_from([None, 5, -1, "", "x", [], {}, [5], {"a": 1}, True, 1e99, "gone"]))
def test_one_value_changed_anywhere(tmp_path: Path, path: tuple[Any, ...], new: object) -> None:
    """A changed assessment is refused as unusable, or every report can be made of it."""
    value = deepcopy(WHOLE)
    at = value
    for key in path[:-1]:
        at = at[key]
    if new == "gone":
        del at[path[-1]]
    else:
        at[path[-1]] = new
    (tmp_path / "a.json").write_bytes(orjson.dumps(value))
    try:
        assessment = read_assessment(tmp_path / "a.json")
    except UsageError:
        return
    for report in (terminal, markdown, html):
        assert report.render(assessment)


# --- facts --------------------------------------------------------------------------------------------------------


def lines(change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    """A facts file whose lines were changed."""
    whole = facts_text([SHOP, Target(source=Source.GIT, label="web")], [], [GAP], DAY.isoformat()).splitlines(keepends=True)
    return compressed(b"".join(change(whole)))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda whole: whole[:1], "holds 0 targets, and was written with 2"),
        (lambda whole: [whole[0], *whole[2:]], "holds 1 targets, and was written with 2"),
        (lambda whole: whole[:-1], "holds 0 gaps, and was written with 1"),
        (lambda whole: [*whole, whole[-1]], "holds 2 gaps, and was written with 1"),
        (
            lambda whole: [whole[0].replace(b'"targets":2', b'"targets":1'), whole[2], whole[3]],
            "holds facts of shop, which is not among its targets",
        ),
        (
            lambda whole: [b'{"kind":"head","schema":"idp-assess/facts/v1","read_at":"","targets":0,"facts":0,"gaps":0}\n'],
            "holds no target",
        ),
        (lambda whole: [b'{"kind":"head","schema":"idp-assess/facts/v1"}\n', *whole[1:]], "holds 2 targets, and was written with None"),
        (lambda whole: [whole[0].replace(b"2026-01-01T", b"yesterday"), *whole[1:]], "its head does not say when it was read"),
        (lambda whole: [*whole[:2], b"[1]\n", *whole[2:]], "line 3 is no fact: not an object"),
        (lambda whole: [*whole[:2], b"5\n", *whole[2:]], "line 3 is no fact: not an object"),
        (lambda whole: [*whole[:2], b'{"kind":"Nothing"}\n', *whole[2:]], "line 3 is no fact: unknown kind 'Nothing'"),
        (lambda whole: [b"[]\n"], "line 1 is no fact"),
        (lambda whole: [], "not facts of schema"),
    ],
)
def test_damaged_facts_say_what_is_wrong(tmp_path: Path, change: Callable[[list[bytes]], list[bytes]], what: str) -> None:
    file = tmp_path / "facts.jsonl.zst"
    file.write_bytes(lines(change))
    with pytest.raises(UsageError) as error:
        scan(Request.build(facts_from=file))
    assert what in error.value.what


def test_whole_facts_are_read(tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl.zst"
    file.write_bytes(lines(lambda whole: whole))
    read_at, targets, _, gaps = read_facts(file)
    assert (read_at, [t.label for t in targets], gaps) == (DAY.isoformat(), ["shop", "web"], [GAP])


# --- when -----------------------------------------------------------------------------------------------------------


def test_facts_judged_later_keep_their_day_and_their_recent_changes(tmp_path: Path) -> None:
    """A month's changes are those before the reading, however late somebody judges."""
    account = Target(source=Source.AWS, label="aws:main")
    event = ChangeEvent(
        at=Location(target="aws:main", uid="e1"),
        time="2025-12-20T10:00:00Z",
        service="s3",
        action="CreateBucket",
        region="eu-west-1",
        read_only=False,
        event_type="AwsApiCall",
        event_version="1.08",
        user_agent="terraform",
        identity="AssumedRole",
    )
    file = tmp_path / "facts.jsonl.zst"
    file.write_bytes(compressed(facts_text([account], [event], [], DAY.isoformat())))
    at_once, later = (scan(Request.build(facts_from=file, now=DAY + timedelta(days=days), window_days=30)) for days in (0, 200))
    assert [flow.changes for flow in at_once.flows] == [1]
    assert later.flows == at_once.flows
    assert later.facts_digest == at_once.facts_digest
    assert (later.read_at, later.made_at) == ("2026-01-01T00:00:00+00:00", "2026-07-20T00:00:00+00:00")
    assert "read 2026-01-01, judged 2026-07-20" in terminal.render(later)
    assert "read 2026-01-01, judged 2026-07-20" in markdown.render(later)
    assert "read 2026-01-01, judged 2026-07-20" in html.render(later)
    assert "judged" not in terminal.render(at_once).splitlines()[0]


def test_a_facts_file_says_when_its_targets_were_read(tmp_path: Path) -> None:
    from assess.commands import run_scan
    from tests.worlds import commit

    path = commit(tmp_path / "shop", {"main.tf": 'resource "aws_s3_bucket" "a" {}\n'})
    run_scan((str(path),), estate_file=None, targets_file=None, output=tmp_path / "out", format="json", facts_from=None, now=DAY)
    head = orjson.loads(read_facts_text(tmp_path / "out" / "facts.jsonl.zst").splitlines()[0])
    assert head["read_at"] == DAY.isoformat()
    assert head["targets"] == 1
    assert read_assessment(tmp_path / "out" / "assessment.json").read_at == DAY.isoformat()
