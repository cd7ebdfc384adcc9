"""Fingerprint v1: what keeps it, what changes it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assess.model.finding import Finding, Severity, Verdict
from assess.model.target import Location
from assess.policy.engine import numbered
from assess.policy.fingerprint import identify, logical

FINDING = Finding(
    policy="PIPE-004", engine="rego", verdict=Verdict.FAIL, severity=Severity.HIGH,
    at=Location(target="shop", path="a.yml", line=3), address="jobs.apply", message="job apply applies",
)  # fmt: skip
WORDS = st.text(min_size=1, max_size=12)


def told(finding: Finding = FINDING, path: str = "a.yml", scope: str = "shop", **evidence: object) -> Finding:
    """The finding with its fingerprints."""
    return identify(finding, scope=scope, path=path, evidence=evidence)


@given(line=st.integers(0, 10_000), message=WORDS, why=WORDS, severity=st.sampled_from(list(Severity)), fix=WORDS)
def test_line_and_wording_are_no_identity(line: int, message: str, why: str, severity: Severity, fix: str) -> None:
    other = replace(FINDING, at=replace(FINDING.at, line=line), message=message, why=why, severity=severity, fix=fix)
    assert told(other, job="apply").fingerprint == told(job="apply").fingerprint


@given(space=st.text(alphabet=" \t\n", min_size=1, max_size=6))
def test_reindented_evidence_is_the_same(space: str) -> None:
    assert told(run=f"terraform{space}apply{space}").fingerprint == told(run="terraform apply").fingerprint


@given(path=WORDS.filter(lambda p: p != "a.yml"))
def test_a_renamed_file_changes_the_strict_form_only(path: str) -> None:
    moved = told(path=path)
    assert moved.fingerprint != told().fingerprint
    assert moved.loose == told().loose


@given(st.tuples(WORDS, WORDS, WORDS, WORDS), st.tuples(WORDS, WORDS, WORDS, WORDS))
def test_policy_address_scope_and_evidence_are_identity(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    prints = [told(replace(FINDING, policy=p, address=a), scope=s, what=e).fingerprint for p, a, s, e in (one, other)]
    same = (*one[:3], one[3].split()) == (*other[:3], other[3].split())
    assert (prints[0] == prints[1]) is same


def test_engines_do_not_share_identity() -> None:
    assert told(replace(FINDING, engine="checkov")).fingerprint != told().fingerprint


def test_positions_in_lists_are_no_identity() -> None:
    first, fourth = (logical(("jobs", "apply", "steps", number, "run")) for number in (0, 3))
    assert first == fourth == "jobs.apply.steps[].run"


@given(st.lists(WORDS, min_size=1, max_size=4), st.lists(WORDS, min_size=1, max_size=4))
def test_different_paths_have_different_addresses(one: list[str], other: list[str]) -> None:
    assert (logical(one) == logical(other)) is (one == other)


def test_duplicates_are_numbered_whatever_their_order() -> None:
    first, second = told(), told(replace(FINDING, at=replace(FINDING.at, line=9)))
    prints = [f.fingerprint for f in numbered([second, first])]
    assert prints == [f.fingerprint for f in numbered([first, second])] == [first.fingerprint, f"{first.fingerprint}#2"]
