"""What a change may not lower: the level, what can be read, and the verdicts that were there (A18)."""

from __future__ import annotations

from pathlib import Path

import pygit2
import pytest

from assess.gate import gate
from assess.policy.gate.result import State
from assess.policy.rego import catalogue
from assess.spec.gate import GATE_FILE
from tests.gated import GATED, OPEN, PLACE, PROTECTED, Gated, codes, told
from tests.worlds import commit

pytestmark = pytest.mark.usefixtures("one_policy")

RATCHET = {GATE_FILE: "ratchet: [level, coverage]\n", ".github/workflows/gate.yml": GATED}
ROOT = {"infra/main.tf": 'terraform {\n  backend "s3" {}\n}\nresource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'}
BY_PIPELINE = PROTECTED.replace("terraform apply", "terraform -chdir=infra apply")
PLACED = {**RATCHET, **ROOT, PLACE: BY_PIPELINE}


def test_a_change_that_keeps_the_level_passes(gated: Gated) -> None:
    result = gated(PLACED, {**PLACED, "infra/more.tf": 'resource "aws_s3_bucket" "c" {\n  bucket = "c"\n}\n'})
    assert (codes(result), told(result)) == ([0], [])


def test_a_change_that_takes_the_pipeline_away_lowers_the_level(gated: Gated) -> None:
    after = {path: text for path, text in PLACED.items() if path != PLACE}
    result = gated(PLACED, after)
    assert codes(result) == [1]
    [one] = result.blocking
    assert (one.finding.policy, one.finding.message) == ("GATE-015", "the repository was level 3 and would be level 2")


def test_nothing_operated_any_more_is_lower_than_any_level(gated: Gated) -> None:
    moved = {f"examples/{path}" if path in ROOT else path: text for path, text in RATCHET.items()}
    result = gated(PLACED, {**moved, "README.md": "x\n"})
    assert "off the ladder" in next(one.finding.message for one in result.blocking if one.finding.policy == "GATE-015")


def test_a_ratchet_that_comes_with_the_change_is_not_obeyed_and_one_that_goes_is(gated: Gated) -> None:
    after = {path: text for path, text in PLACED.items() if path not in (PLACE, GATE_FILE)}
    assert told(gated(PLACED, after)) == [("GATE-001", "warn"), ("GATE-015", "block")]


def test_what_could_be_read_has_to_stay_readable(gated: Gated) -> None:
    result = gated(PLACED, {**PLACED, "infra/main.tf": ROOT["infra/main.tf"] + 'resource "x" {{{\n'})
    assert 3 in codes(result)
    assert ("GATE-016", "report") in told(result, State.INCOMPARABLE)


# --- A18: a finding that is not seen any more is not resolved ----------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        {PLACE: "on: push\njobs: [}"},
        {PLACE: OPEN + "#" * 4_000_001},
        {PLACE: OPEN + "\x00"},
        {f"test/{PLACE}": OPEN},
    ],
    ids=["does not parse", "too large", "no text", "moved out of sight"],
)
def test_a_finding_that_is_not_seen_any_more_is_incomparable(gated: Gated, head: dict[str, str]) -> None:
    keeps = {".github/workflows/other.yml": PROTECTED}
    result = gated({PLACE: OPEN, **keeps}, {**head, **keeps})
    assert codes(result) == [3]
    assert result.of(State.RESOLVED) == ()


def test_a_finding_whose_object_is_lost_is_incomparable(gated: Gated, tmp_path: Path) -> None:
    gated({PLACE: OPEN}, {PLACE: OPEN + "# more\n"})
    repository = pygit2.Repository(str(tmp_path / "shop"))
    blob = str(repository.revparse_single(f"feature:{PLACE}").id)
    (tmp_path / "shop" / "objects" / blob[:2] / blob[2:]).unlink()
    result = gate(tmp_path / "shop", "main", "feature", engines=("rego",))
    assert (codes(result), result.of(State.RESOLVED)) == ([3], ())


# --- no policies, no inputs, policies that match no input: never a pass -----------------------------------------


def test_settings_that_cannot_be_read_are_incomplete_and_not_the_defaults(tmp_path: Path) -> None:
    path = commit(tmp_path / "shop", {PLACE: PROTECTED, GATE_FILE: "rules: []\n"})
    commit(path, {PLACE: PROTECTED, GATE_FILE: "rules: []\n", "a": "1"})
    repository = pygit2.Repository(str(path))
    blob = str(repository.revparse_single(f"HEAD:{GATE_FILE}").id)
    (path / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(Exception, match=r"\.idp/gate\.yaml") as raised:
        gate(path, "HEAD~1", engines=("rego",))
    assert raised.value.exit_code == 3  # type: ignore[attr-defined]


@pytest.mark.parametrize("whole", [False, True])
def test_no_policies_no_inputs_and_policies_without_inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool) -> None:
    path = commit(tmp_path / "shop", {"README.md": "x"})
    commit(path, {"README.md": "y"})
    assert codes(gate(path, "HEAD~1", whole=whole)) == [3]
    assert codes(gate(path, "HEAD~1", engines=("rego",), whole=whole)) == [3]
    monkeypatch.setattr(catalogue, "shipped", lambda area: tmp_path / area)
    assert 3 in codes(gate(path, "HEAD~1", engines=("rego",), whole=whole))
