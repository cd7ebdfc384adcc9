"""What a gate goes by: the base's settings, waivers, suppressions and baseline; a change that edits them gains nothing by it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pygit2
import pytest

from assess.errors import UsageError
from assess.gate import gate
from assess.policy.gate.result import Action, State
from assess.policy.gate.trusted import Config
from assess.policy.gate.waivers import Waivers
from assess.spec.gate import BASELINE_FILE, GATE_FILE, WAIVERS_FILE, Limits, Waiver
from tests.gated import GATED, OPEN, PLACE, PROTECTED, SOUND, TODAY, Gated, codes, suppressed, told, waiver
from tests.worlds import commit

pytestmark = pytest.mark.usefixtures("one_policy")

# --- the gate file ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "action", "because"),
    [
        ("[]", "block", "built-in: medium and above blocks"),
        ("[{action: warn, at_least: medium}]", "warn", "rule 1 of .idp/gate.yaml"),
        ("[{action: report, policy: PIPE-*}, {action: block}]", "report", "rule 1 of .idp/gate.yaml"),
        ("[{action: report, severity: low}, {action: block}]", "block", "rule 2 of .idp/gate.yaml"),
        ("[{action: report, path: infra}, {action: warn, path: [.github/workflows]}]", "warn", "rule 2 of .idp/gate.yaml"),
        ("[{action: report, engine: checkov}]", "block", "built-in: medium and above blocks"),
    ],
)
def test_the_first_rule_that_fits_decides(gated: Gated, rules: str, action: str, because: str) -> None:
    settings = {GATE_FILE: f"rules: {rules}\n"}
    result = gated({PLACE: PROTECTED, **settings}, {PLACE: OPEN, **settings})
    [one] = result.of(State.NEW)
    assert (one.action.value, one.because) == (action, because)
    assert codes(result) == ([1] if action == "block" else [0])


def test_a_gate_file_that_comes_with_the_change_is_told_and_not_obeyed(gated: Gated) -> None:
    result = gated({PLACE: PROTECTED}, {PLACE: OPEN, GATE_FILE: "rules: [{action: report}]\n"})
    assert codes(result) == [1]
    assert told(result) == [("GATE-001", "warn"), ("PIPE-004", "block")]
    assert result.settings == (f"judged by the built-in defaults instead of {GATE_FILE} (there is none) of main ({result.base[:12]})",)


def test_a_gate_file_that_is_wrong_fails_the_change_that_brings_it(gated: Gated) -> None:
    result = gated({PLACE: PROTECTED}, {PLACE: PROTECTED, GATE_FILE: "rules:\n- action: blok\n"})
    assert ("GATE-002", "block") in told(result)
    [bad] = [one.finding for one in result.of(State.NEW) if one.finding.policy == "GATE-002"]
    assert (bad.at.line, "did you mean 'block'" in bad.message) == (2, True)


def test_a_wrong_gate_file_on_the_base_is_usage_unless_the_change_mends_it(gated: Gated, tmp_path: Path) -> None:
    wrong = {GATE_FILE: "rules: 7\n"}
    with pytest.raises(UsageError, match=r"\.idp/gate\.yaml:1: rules: 7 is not a list"):
        gated({PLACE: PROTECTED, **wrong}, {PLACE: OPEN, **wrong})
    commit(tmp_path / "shop", {PLACE: PROTECTED}, branch="feature")
    assert codes(gate(tmp_path / "shop", "main", "feature", engines=("rego",))) == [0]


def test_settings_are_those_of_the_base_as_it_is_now(tmp_path: Path) -> None:
    """Whoever branched off before the gate file was made strict is judged by the strict one."""
    path = commit(tmp_path / "shop", {PLACE: PROTECTED, GATE_FILE: "rules: [{action: report}]\n"})
    repository = pygit2.Repository(str(path))
    repository.create_branch("old", repository[repository.head.target])  # type: ignore[arg-type]
    commit(path, {PLACE: PROTECTED, GATE_FILE: "rules: []\n"})
    repository.set_head("refs/heads/old")
    commit(path, {PLACE: OPEN, GATE_FILE: "rules: [{action: report}]\n"}, branch="old")
    result = gate(path, "main", "old", engines=("rego",))
    assert codes(result) == [1]
    assert told(result) == [("PIPE-004", "block")], "the change does not edit the gate file; the base did"


def test_settings_of_another_revision_and_of_another_repository(gated: Gated, tmp_path: Path) -> None:
    central = commit(tmp_path / "central", {GATE_FILE: "rules: [{action: warn}]\n"})
    files = {PLACE: OPEN, GATE_FILE: "rules: [{action: report}]\n"}
    result = gated({PLACE: PROTECTED}, files, config=Config(repository=central))
    assert codes(result) == [0]
    assert ("PIPE-004", "warn") in told(result)
    assert str(central) in result.settings[0]
    by_ref = gate(tmp_path / "shop", "main", "feature", engines=("rego",), config=Config(ref="feature"))
    assert ("PIPE-004", "report") in told(by_ref)


@pytest.mark.parametrize("option", ["--base", "--config-ref"])
def test_a_tag_of_the_same_name_does_not_choose_the_settings(gated: Gated, tmp_path: Path, option: str) -> None:
    gated({PLACE: PROTECTED}, {PLACE: OPEN, GATE_FILE: "rules: [{action: report}]\n"})
    repository = pygit2.Repository(str(tmp_path / "shop"))
    repository.references.create("refs/tags/main", repository.branches.local["feature"].target)
    with pytest.raises(Exception, match=f"{option} is refs/tags/main and refs/heads/main"):
        gate(
            tmp_path / "shop",
            "" if option == "--config-ref" else "main",
            whole=True,
            config=Config("main" if option == "--config-ref" else ""),
        )


# --- exclusions -------------------------------------------------------------------------------------------------

EXCLUDED = json.dumps(
    {"exclude": [{"path": "shop/.github/**", "owner": "team-shop", "reason": "moved next month", "expires": "2027-01-01"}]}
)


def test_an_exclusion_of_the_base_holds_for_both_sides(gated: Gated) -> None:
    other = {"ci/.github/workflows/x.yml": PROTECTED, ".gitea/workflows/x.yml": PROTECTED}
    result = gated({PLACE: PROTECTED, "idp-assess.yaml": EXCLUDED, **other}, {PLACE: OPEN, "idp-assess.yaml": EXCLUDED, **other})
    assert (codes(result), told(result)) == ([0], [])
    assert result.aside == (PLACE,)


def test_an_exclusion_that_comes_with_the_change_is_told_and_hides_nothing(gated: Gated) -> None:
    result = gated({PLACE: PROTECTED}, {PLACE: OPEN, "idp-assess.yaml": EXCLUDED})
    assert codes(result) == [1]
    assert told(result) == [("GATE-001", "warn"), ("PIPE-004", "block")]


def test_what_the_base_says_is_use_is_judged(gated: Gated) -> None:
    used = {"idp-assess.yaml": json.dumps({"use": ["shop/examples/**"]}), PLACE: PROTECTED}
    bucket = 'resource "aws_s3_bucket" "b" {}\n'
    result = gated({**used, "examples/a.tf": bucket}, {**used, "examples/a.tf": bucket + "\n"})
    assert result.aside == ()


# --- waivers ----------------------------------------------------------------------------------------------------


def test_a_waiver_of_the_base_excuses_and_is_named(gated: Gated) -> None:
    result = gated({PLACE: PROTECTED, WAIVERS_FILE: waiver()}, {PLACE: OPEN, WAIVERS_FILE: waiver()})
    [one] = result.of(State.NEW)
    assert (codes(result), one.action, one.excused) == ([0], Action.REPORT, True)
    assert one.because == "waiver W-1 of team-shop until 2027-01-31: moves to the new runner in January"


@pytest.mark.parametrize(
    "changed",
    [
        {"expires": "2026-11-24"},
        {"created": "2026-12-01"},
        {"created": "2025-01-01", "expires": "2027-01-31"},
        {"path": "infra/**"},
        {"policy": "PIPE-005"},
        {"address": "jobs.other"},
        {"repository": "other"},
    ],
    ids=["expired", "not yet made", "over the limit", "other path", "other policy", "other address", "other repository"],
)
def test_a_waiver_that_does_not_fit_or_count_excuses_nothing(gated: Gated, changed: dict[str, str]) -> None:
    text = waiver(**changed)
    assert codes(gated({PLACE: PROTECTED, WAIVERS_FILE: text}, {PLACE: OPEN, WAIVERS_FILE: text})) == [1]


def test_a_waiver_by_fingerprint(gated: Gated, tmp_path: Path) -> None:
    first = gated({PLACE: PROTECTED}, {PLACE: OPEN})
    [one] = first.of(State.NEW)
    text = waiver(policy="", path="", fingerprint=one.finding.fingerprint)
    repository = pygit2.Repository(str(tmp_path / "shop"))
    repository.set_head("refs/heads/main")
    commit(tmp_path / "shop", {PLACE: PROTECTED, WAIVERS_FILE: text})
    assert codes(gate(tmp_path / "shop", "main", "feature", engines=("rego",), today=TODAY)) == [0]


def test_a_waiver_that_comes_with_the_change_excuses_nothing(gated: Gated) -> None:
    result = gated({PLACE: PROTECTED}, {PLACE: OPEN, WAIVERS_FILE: waiver()})
    assert codes(result) == [1]
    assert told(result) == [("GATE-001", "warn"), ("PIPE-004", "block")]


def test_an_expired_waiver_is_a_finding_and_an_old_one_does_not_block(gated: Gated) -> None:
    expired = waiver(expires="2026-11-24")
    old = gated({PLACE: PROTECTED, WAIVERS_FILE: expired}, {PLACE: PROTECTED, WAIVERS_FILE: expired, "a": ""})
    assert (codes(old), told(old, State.UNCHANGED)) == ([0], [("GATE-005", "report")])
    [one] = old.of(State.UNCHANGED)
    assert (one.finding.at.path, one.finding.at.line) == (WAIVERS_FILE, 1)
    assert "W-1 of team-shop expired on 2026-11-24" in one.finding.message


def test_a_change_that_brings_an_over_broad_waiver_fails(gated: Gated) -> None:
    result = gated({PLACE: PROTECTED}, {PLACE: PROTECTED, WAIVERS_FILE: waiver(policy="*", path="**")})
    assert told(result) == [("GATE-001", "warn"), ("GATE-007", "block")]


# --- suppressions -----------------------------------------------------------------------------------------------


def test_a_suppression_that_comes_with_its_finding_excuses_nothing(gated: Gated) -> None:
    result = gated({PLACE: PROTECTED}, {PLACE: suppressed(OPEN)})
    assert codes(result) == [1]
    assert told(result) == [("GATE-009", "warn"), ("PIPE-004", "block")]


def test_a_suppression_that_stood_on_the_base_excuses(gated: Gated) -> None:
    result = gated({PLACE: suppressed(PROTECTED)}, {PLACE: "\n" + suppressed(OPEN)})
    [one] = result.of(State.NEW)
    assert (codes(result), one.excused, one.because) == ([0], True, f"suppressed at {PLACE}:4 until 2027-02-01")


def test_a_suppression_that_was_moved_to_another_job_excuses_nothing(gated: Gated) -> None:
    second = PROTECTED + OPEN.partition("jobs:\n")[2].replace("apply:", "second:")
    moved = second.replace("  second:", f"  # {SOUND}\n  second:")
    assert codes(gated({PLACE: suppressed(PROTECTED)}, {PLACE: moved})) == [1]


def test_a_suppression_whose_line_was_copied_excuses_nothing(gated: Gated) -> None:
    """Both jobs have the same line under the same comment: which of them the base meant cannot be told."""
    before = PROTECTED.replace("    runs-on: ubuntu-24.04", f"    # {SOUND}\n    runs-on: ubuntu-24.04")
    after = suppressed(OPEN) + suppressed(OPEN).partition("jobs:\n")[2].replace("apply:", "second:")
    assert codes(gated({PLACE: before}, {PLACE: after})) == [1]


def test_a_suppression_that_the_base_took_out_since_excuses_nothing(tmp_path: Path) -> None:
    path = commit(tmp_path / "shop", {PLACE: suppressed(PROTECTED)})
    repository = pygit2.Repository(str(path))
    repository.create_branch("old", repository[repository.head.target])  # type: ignore[arg-type]
    commit(path, {PLACE: PROTECTED})
    repository.set_head("refs/heads/old")
    commit(path, {PLACE: suppressed(OPEN)}, branch="old")
    assert codes(gate(path, "main", "old", engines=("rego",), today=TODAY)) == [1]


@pytest.mark.parametrize(
    ("comment", "says"),
    [
        ("idp-assess:ignore PIPE-004", "no reason of at least 5 characters; it has no date"),
        ('idp-assess:ignore until=2027-01-01 reason="why it is so"', "names no policy"),
        ('idp-assess:ignore PIPE-004 until=soon reason="why it is so"', "no date"),
        ('idp-assess:ignore PIPE-004 until=2031-01-01 reason="why it is so"', "until 2027-05-24 at the latest"),
        ('idp-assess:ignore PIPE-004 till=2027-01-01 reason="why it is so"', "no use for 'till'"),
        ('idp-assess:ignore * until=2027-01-01 reason="why it is so"', "'*' is no policy id"),
        ('idp-assess:ignore PIPE-004 until=2026-11-24 reason="why it is so"', "expired on 2026-11-24"),
    ],
)
def test_a_suppression_that_is_incomplete_or_expired_is_a_finding_and_excuses_nothing(gated: Gated, comment: str, says: str) -> None:
    result = gated({PLACE: suppressed(PROTECTED, comment)}, {PLACE: suppressed(OPEN, comment)})
    assert codes(result) == [1]
    [old] = result.of(State.UNCHANGED)
    assert says in old.finding.message


def test_more_suppressions_than_the_budget_fail_the_change_that_adds_one(gated: Gated, tmp_path: Path) -> None:
    settings = {GATE_FILE: "suppressions: {budget: 1}\n", ".github/workflows/old.yml": suppressed(OPEN)}
    result = gated({PLACE: PROTECTED, **settings}, {PLACE: suppressed(PROTECTED), **settings})
    assert told(result) == [("GATE-009", "warn"), ("GATE-012", "block")]
    assert "2 suppressions, the budget is 1" in result.blocking[0].finding.message
    commit(tmp_path / "shop", {PLACE: suppressed(PROTECTED), **settings, "NOTES.md": "x"}, branch="feature")
    again = gate(tmp_path / "shop", "feature~1", "feature", engines=("rego",), today=TODAY)
    assert told(again) == [], "who adds none is not held up by those that are there"


# --- what a change does to the gate itself (A17) ----------------------------------------------------------------


def test_every_edit_of_what_the_gate_goes_by_is_told_and_none_helps(gated: Gated) -> None:
    """Regression corpus A17: waivers, policies, gate file, the workflow that calls us, an inline skip, all in one change."""
    pack = {"platform/pack.yaml": "name: x\n", "platform/rules/a.yaml": "a\n"}
    before = {PLACE: PROTECTED, ".github/workflows/gate.yml": GATED, **pack}
    after = {
        PLACE: suppressed(OPEN), ".github/workflows/gate.yml": GATED + "        continue-on-error: true\n",
        GATE_FILE: "rules: [{action: report}]\n", WAIVERS_FILE: waiver(), "idp-assess.yaml": EXCLUDED,
        BASELINE_FILE: '{"schema": "idp-assess/baseline/v1", "findings": []}', "platform/pack.yaml": "name: x\n",
        "platform/rules/a.yaml": "b\n", "policies/mine.rego": "package idp_assess.mine.thing\n",
    }  # fmt: skip
    result = gated(before, after)
    assert codes(result) == [1]
    assert [one.finding.policy for one in result.blocking] == ["PIPE-004"]
    warned = [(one.finding.policy, one.finding.at.path) for one in result.of(State.NEW) if one.action is Action.WARN]
    assert sorted(warned) == [
        ("GATE-001", ".idp/baseline.json"),
        ("GATE-001", ".idp/gate.yaml"),
        ("GATE-001", ".idp/waivers.yaml"),
        ("GATE-001", "idp-assess.yaml"),
        ("GATE-003", ".github/workflows/gate.yml"),
        ("GATE-004", "platform/rules/a.yaml"),
        ("GATE-004", "policies/mine.rego"),
        ("GATE-009", PLACE),
    ]


def test_taking_the_gate_out_of_the_pipeline_is_told(gated: Gated) -> None:
    files = {PLACE: PROTECTED}
    result = gated(
        {**files, ".gitlab-ci.yml": "gate:\n  script: [idp-assess gate]\n"}, {**files, ".gitlab-ci.yml": "x:\n  script: [make]\n"}
    )
    assert told(result) == [("GATE-003", "warn")]


def test_a_page_that_speaks_of_the_gate_is_no_edit_of_it(gated: Gated) -> None:
    assert told(gated({PLACE: PROTECTED}, {PLACE: PROTECTED, "README.md": "run idp-assess gate\n"})) == []


@pytest.mark.parametrize(
    ("caller", "called"),
    [
        ("    uses: ./.github/workflows/gate.yml\n", ".github/workflows/gate.yml"),
        ("    steps:\n      - uses: ./.github/actions/gate\n", ".github/actions/gate/action.yml"),
        ("    steps:\n      - run: ci/check all\n", "ci/check"),
    ],
    ids=["reusable workflow", "action", "script"],
)
def test_what_calls_what_runs_the_gate_is_told_too(gated: Gated, caller: str, called: str) -> None:
    before = {PLACE: PROTECTED, ".github/workflows/pr.yml": f"on: pull_request\njobs:\n  gate:\n{caller}", called: GATED}
    result = gated(before, {**before, ".github/workflows/pr.yml": "on: pull_request\njobs: {}\n"})
    assert told(result) == [("GATE-003", "warn")]
    assert f"which names {called}" in result.of(State.NEW)[0].finding.message


def test_a_branch_that_is_behind_is_not_held_to_what_the_base_took_out_since(tmp_path: Path) -> None:
    """The base has pruned an expired waiver and shrunk the baseline; the branch, made before, adds a waiver to the old list."""
    known = {"fingerprint": "v1:" + "0" * 64, "policy": "PIPE-004", "path": "x", "first_seen": "2026-01-01"}
    old = json.loads(waiver(expires="2026-11-24"))["waivers"]
    files = {PLACE: PROTECTED, BASELINE_FILE: json.dumps({"findings": [known]}), WAIVERS_FILE: json.dumps({"waivers": old})}
    path = commit(tmp_path / "shop", files)
    repository = pygit2.Repository(str(path))
    repository.create_branch("old", repository[repository.head.target])  # type: ignore[arg-type]
    commit(path, {PLACE: PROTECTED, BASELINE_FILE: json.dumps({"findings": []})})
    repository.set_head("refs/heads/old")
    more = [*old, *json.loads(waiver(id="W-2"))["waivers"]]
    commit(path, {**files, WAIVERS_FILE: json.dumps({"waivers": more})}, branch="old")
    assert told(gate(path, "main", "old", engines=("rego",), today=TODAY)) == [("GATE-001", "warn")]


def test_an_address_with_a_key_in_it_is_waived_as_it_is_written(gated: Gated) -> None:
    """`[` begins a set of characters in a glob; what is written as it is found has to fit all the same."""
    [one] = gated({PLACE: PROTECTED}, {PLACE: OPEN}).blocking
    keyed = Waiver.model_validate(json.loads(waiver(address='module.a["x"].b', path=""))["waivers"][0])
    waivers = Waivers((keyed,), Limits(), "shop", TODAY)
    assert waivers.excuse(replace(one.finding, address='module.a["x"].b')) is keyed
    assert waivers.excuse(one.finding) is None
