"""Waivers and the baseline from the command line, and the gate on all that a commit holds."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pygit2
import pytest

from assess.cli import main
from assess.gate import gate
from assess.policy.gate.result import State
from assess.spec.gate import BASELINE_FILE, GATE_FILE, WAIVERS_FILE
from tests.gated import OPEN, PLACE, PROTECTED, SOUND, TODAY, codes, suppressed, told
from tests.worlds import commit

pytestmark = pytest.mark.usefixtures("one_policy")

OTHER = ".github/workflows/other.yml"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository with one finding. It is bare, and files are written into it as if it were a work tree: only objects are read."""
    return commit(tmp_path / "shop", {PLACE: OPEN})


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that runs the command: exit code, stdout, stderr."""

    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["idp-assess", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return command


def committed(shop: Path, *names: str, **files: str) -> None:
    """A commit of the open workflow with files as they stand in the directory."""
    commit(shop, {PLACE: OPEN, **files, **{name: (shop / name).read_text() for name in names}})


# --- everything, not a change -----------------------------------------------------------------------------------


def test_all_that_a_commit_holds_is_judged(shop: Path) -> None:
    result = gate(shop, whole=True, engines=("rego",), today=TODAY)
    assert (codes(result), told(result)) == ([1], [("PIPE-004", "block")])


def test_the_settings_are_those_of_a_base_that_is_named(shop: Path) -> None:
    commit(shop, {PLACE: OPEN, GATE_FILE: "rules: [{action: report}]\n"})
    assert codes(gate(shop, whole=True, engines=("rego",))) == [0]
    assert codes(gate(shop, "HEAD~1", whole=True, engines=("rego",))) == [1]


def test_a_suppression_excuses_where_all_is_judged(shop: Path) -> None:
    commit(shop, {PLACE: suppressed(OPEN)})
    [one] = gate(shop, whole=True, engines=("rego",), today=TODAY).of(State.NEW)
    assert (one.excused, one.because) == (True, f"suppressed at {PLACE}:3 until 2027-02-01")


def test_more_suppressions_than_the_budget_where_all_is_judged(shop: Path) -> None:
    commit(shop, {PLACE: suppressed(OPEN), OTHER: suppressed(OPEN), GATE_FILE: "suppressions: {budget: 1}\n"})
    assert ("GATE-012", "block") in told(gate(shop, whole=True, engines=("rego",), today=TODAY))


@pytest.mark.parametrize(("minimum", "expected"), [("1.0", [3]), ("0.5", [0]), ("0.9", [3])])
def test_a_share_without_a_verdict_is_held_against_the_minimum(shop: Path, minimum: str, expected: list[int]) -> None:
    files = {PLACE: PROTECTED, OTHER: "jobs: [", GATE_FILE: f"minimum_coverage: {minimum}\n"}
    commit(shop, files)
    result = gate(shop, whole=True, engines=("rego",))
    assert codes(result) == expected
    assert ("GATE-016" in {one.finding.policy for one in result.of(State.INCOMPARABLE)}) is (minimum == "0.9")


def test_nothing_to_judge_is_incomplete(shop: Path) -> None:
    commit(shop, {"README.md": "x"})
    assert codes(gate(shop, whole=True)) == [3]


def test_a_waiver_that_excuses_nothing_and_one_that_excuses_too_much(shop: Path) -> None:
    said = {"reason": "long enough here", "owner": "team-shop", "created": "2026-11-01", "expires": "2027-01-31"}
    waivers = [{"id": "idle", "policy": "PIPE-004", "path": "gone/**", **said}, {"id": "wide", "policy": "PIPE-004", "path": "**", **said}]
    limits = {GATE_FILE: "waivers: {max_findings: 1}\n"}
    commit(shop, {PLACE: OPEN, OTHER: OPEN, WAIVERS_FILE: json.dumps({"waivers": waivers}), **limits})
    result = gate(shop, whole=True, engines=("rego",), today=TODAY)
    found = {(one.finding.policy, one.finding.address) for one in result.of(State.NEW) if one.finding.engine == "gate"}
    assert found == {("GATE-006", "idle"), ("GATE-007", "wide")}


# --- the baseline -----------------------------------------------------------------------------------------------


def test_a_baseline_is_written_counts_once_committed_and_shrinks(shop: Path, run: Any) -> None:
    assert run("baseline", "write", "--repo", str(shop), "--engine", "rego")[0] == 0
    assert run("baseline", "write", "--repo", str(shop))[0] == 2
    assert codes(gate(shop, whole=True, engines=("rego",))) == [1], "it is not committed yet"
    committed(shop, BASELINE_FILE)
    [one] = gate(shop, whole=True, engines=("rego",)).of(State.NEW)
    assert (one.excused, one.because[:22]) == (True, "in the baseline since ")

    committed(shop, BASELINE_FILE, **{OTHER: OPEN})
    assert [one.finding.at.path for one in gate(shop, whole=True, engines=("rego",)).blocking] == [OTHER]
    code, out, err = run("baseline", "update", "--repo", str(shop), "--engine", "rego")
    assert (code, "1 kept, 0 mended and taken out, 0 added" in out, OTHER in err) == (1, True, True)

    commit(shop, {PLACE: PROTECTED, BASELINE_FILE: (shop / BASELINE_FILE).read_text()})
    assert told(gate(shop, whole=True, engines=("rego",))) == [("GATE-014", "warn")]
    code, out, _ = run("baseline", "update", "--repo", str(shop), "--engine", "rego")
    assert (code, "0 kept, 1 mended" in out) == (0, True)


def test_the_same_address_in_another_file_is_new_whatever_the_baseline_says(shop: Path, run: Any) -> None:
    """Regression corpus A12: checkov's baseline knows no file, and lets the copy in."""
    bucket = 'resource "aws_s3_bucket" "b" {\n  acl = "public-read"\n}\n'
    commit(shop, {PLACE: PROTECTED, "main.tf": bucket})
    assert run("baseline", "write", "--repo", str(shop), "--engine", "checkov")[0] == 0
    known = {BASELINE_FILE: (shop / BASELINE_FILE).read_text()}
    commit(shop, {PLACE: PROTECTED, "main.tf": bucket, **known})
    assert codes(gate(shop, whole=True, engines=("checkov",))) == [0]
    commit(shop, {PLACE: PROTECTED, "main.tf": bucket, "prod/main.tf": bucket, **known})
    for result in (gate(shop, "HEAD~1", engines=("checkov",)), gate(shop, whole=True, engines=("checkov",))):
        assert codes(result) == [1]
        assert {one.finding.at.path for one in result.blocking} == {"prod/main.tf"}


def test_a_baseline_is_not_made_of_what_cannot_be_seen(shop: Path, run: Any) -> None:
    commit(shop, {PLACE: OPEN, OTHER: "jobs: ["})
    code, _, err = run("baseline", "write", "--repo", str(shop), "--engine", "rego")
    assert (code, "1 places have no verdict" in err, (shop / BASELINE_FILE).exists()) == (3, True, False)


def test_a_baseline_that_grows_fails_unless_somebody_says_why(shop: Path, run: Any) -> None:
    run("baseline", "write", "--repo", str(shop), "--engine", "rego")
    committed(shop, BASELINE_FILE, **{OTHER: OPEN})
    known = json.loads((shop / BASELINE_FILE).read_text())
    grown = {**known, "findings": [*known["findings"], {**known["findings"][0], "fingerprint": "v1:" + "0" * 64}]}
    commit(shop, {PLACE: OPEN, OTHER: OPEN, BASELINE_FILE: json.dumps(grown)})
    assert ("GATE-013", "block") in told(gate(shop, "HEAD~1", engines=("rego",)))
    repository = pygit2.Repository(str(shop))
    repository.reset(repository.revparse_single("HEAD~1").id, pygit2.enums.ResetMode.SOFT)
    assert run("baseline", "update", "--repo", str(shop), "--engine", "rego", "--accept", "new policies")[0] == 0
    committed(shop, BASELINE_FILE, **{OTHER: OPEN})
    assert told(gate(shop, "HEAD~1", engines=("rego",))) == [("GATE-001", "warn"), ("GATE-013", "warn")]


def test_of_a_change_the_baseline_excuses_nothing_that_the_base_had_mended(shop: Path, run: Any) -> None:
    run("baseline", "write", "--repo", str(shop), "--engine", "rego")
    known = {BASELINE_FILE: (shop / BASELINE_FILE).read_text()}
    commit(shop, {PLACE: PROTECTED, **known})
    commit(shop, {PLACE: OPEN, **known})
    assert codes(gate(shop, "HEAD~1", engines=("rego",))) == [1]


def test_what_a_broken_base_cannot_say_the_baseline_can(shop: Path, run: Any) -> None:
    run("baseline", "write", "--repo", str(shop), "--engine", "rego")
    known = {BASELINE_FILE: (shop / BASELINE_FILE).read_text()}
    commit(shop, {PLACE: "jobs: [", **known})
    commit(shop, {PLACE: OPEN, **known})
    result = gate(shop, "HEAD~1", engines=("rego",))
    assert (codes(result), told(result, State.UNCHANGED)) == ([0], [("PIPE-004", "report")])


def test_what_was_not_asked_is_not_called_mended(shop: Path, run: Any) -> None:
    known = {"fingerprint": "v1:" + "1" * 64, "policy": "CKV_AWS_20", "path": "main.tf", "first_seen": "2026-01-01"}
    (shop / BASELINE_FILE).parent.mkdir()
    (shop / BASELINE_FILE).write_text(json.dumps({"findings": [known]}))
    said = {"id": "W-1", "policy": "CKV_AWS_20", "path": "main.tf", "reason": "long enough here", "owner": "me"}
    waived = {"waivers": [{**said, "created": "2026-11-01", "expires": "2027-01-31"}]}
    committed(shop, BASELINE_FILE, **{PLACE: PROTECTED, WAIVERS_FILE: json.dumps(waived)})
    assert told(gate(shop, whole=True, engines=("rego",), today=TODAY)) == []
    assert told(gate(shop, whole=True, today=TODAY)) == [("GATE-006", "warn"), ("GATE-014", "warn")]
    committed(shop, BASELINE_FILE, **{PLACE: PROTECTED, OTHER: "jobs: [", GATE_FILE: "minimum_coverage: 0.1\n"})
    assert told(gate(shop, whole=True)) == [], "where something is not seen, nothing is called mended"
    committed(shop, BASELINE_FILE, **{PLACE: PROTECTED})
    assert "1 kept, 0 mended" in run("baseline", "update", "--repo", str(shop), "--engine", "rego")[1]
    assert "0 kept, 1 mended" in run("baseline", "update", "--repo", str(shop))[1]


# --- waivers ----------------------------------------------------------------------------------------------------

WHY = ("--reason", "moves to the new runner", "--owner", "team-shop")


def test_a_waiver_from_a_finding_counts_once_it_is_committed(shop: Path, run: Any, tmp_path: Path) -> None:
    _, out, _ = run("gate", "--all", "--repo", str(shop), "--engine", "rego", "--format", "json")
    (tmp_path / "gate.json").write_text(out)
    code, said, _ = run("waiver", "add", "--repo", str(shop), "--from", str(tmp_path / "gate.json"), "--policy", "PIPE-004", *WHY)
    assert (code, "W-1 until" in said) == (0, True)
    assert f"# {PLACE} jobs.apply: job apply" in (shop / WAIVERS_FILE).read_text()
    committed(shop, WAIVERS_FILE)
    assert codes(gate(shop, whole=True, engines=("rego",))) == [0]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "needs a fingerprint, or a policy together with a path or an address"),
        (("--policy", "PIPE-004"), "needs a fingerprint"),
        (("--policy", "PIPE-004", "--path", "x", "--expires", "soon"), "'soon' is not a date"),
        (("--policy", "PIPE-004", "--path", "x", "--expires", "2020-01-01"), "expires has to be after created"),
        (("--fingerprint", "abc"), "fingerprint"),
    ],
)
def test_a_waiver_that_selects_nothing_or_never_counts_is_refused(shop: Path, run: Any, arguments: tuple[str, ...], says: str) -> None:
    code, _, err = run("waiver", "add", "--repo", str(shop), *WHY, *arguments)
    assert (code, says in err, (shop / WAIVERS_FILE).exists()) == (2, True, False)


def test_waivers_are_listed_and_pruned(shop: Path, run: Any) -> None:
    today = datetime.now(UTC).date()
    place = ("--policy", "PIPE-004", "--path", PLACE)
    run("waiver", "add", "--repo", str(shop), *WHY, *place)
    run("waiver", "add", "--repo", str(shop), *WHY, "--policy", "PIPE-004", "--path", "gone/**", "--id", "idle")
    file = shop / WAIVERS_FILE
    old = f"  - id: old\n    policy: PIPE-004\n    path: x\n    reason: long gone by now\n    owner: me\n    created: 2020-01-01\n    expires: {today - timedelta(days=1)}\n"
    file.write_text(file.read_text() + old)
    _, listed, _ = run("waiver", "list", "--repo", str(shop))
    assert "old  expired on 2020-06-29" in listed
    rows = json.loads(run("waiver", "list", "--repo", str(shop), "--format", "json")[1])
    assert [(row["waiver"]["id"], row["expired"]) for row in rows] == [("W-1", False), ("idle", False), ("old", True)]
    assert run("waiver", "prune", "--repo", str(shop), "--check")[0] == 1
    assert run("waiver", "prune", "--repo", str(shop))[1].startswith("old: expired on")
    committed(shop, WAIVERS_FILE)
    assert run("waiver", "prune", "--repo", str(shop), "--unused")[1].startswith("idle: excuses nothing")
    assert [row["waiver"]["id"] for row in json.loads(run("waiver", "list", "--repo", str(shop), "-f", "json")[1])] == ["W-1"]


def test_a_page_that_shows_a_suppression_suppresses_nothing(shop: Path) -> None:
    commit(shop, {PLACE: OPEN, "docs/x.md": f"# {SOUND}\n"})
    assert codes(gate(shop, whole=True, engines=("rego",), today=TODAY)) == [1]
