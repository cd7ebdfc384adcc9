"""A baseline shrinks by itself and grows only for a reason."""

from __future__ import annotations

from datetime import date

from assess.model.finding import Finding, Severity, Verdict
from assess.model.target import Location
from assess.policy.fingerprint import identify
from assess.policy.gate.baseline import baseline_text, renewed
from assess.spec.gate import BaselineFile
from assess.spec.strict import parse

TODAY = date(2026, 11, 25)


def fail(path: str) -> Finding:
    """A finding in a file."""
    bare = Finding(
        policy="PIPE-004", engine="rego", verdict=Verdict.FAIL, severity=Severity.HIGH, at=Location(target="shop", path=path),
        address="jobs.apply", message="",
    )  # fmt: skip
    return identify(bare, scope="shop", path=path)


def test_the_first_takes_all_and_reads_back() -> None:
    first = renewed(None, [fail("b"), fail("a")], TODAY)
    assert [known.path for known in first.file.findings] == ["a", "b"]
    assert parse(baseline_text(first.file), "x", BaselineFile) == first.file


def test_what_is_mended_goes_and_what_is_new_stays_out() -> None:
    first = renewed(None, [fail("a"), fail("b")], date(2026, 10, 1)).file
    second = renewed(first, [fail("b"), fail("c")], TODAY)
    assert [(known.path, known.first_seen) for known in second.file.findings] == [("b", date(2026, 10, 1))]
    assert ([known.path for known in second.gone], [f.at.path for f in second.new]) == (["a"], ["c"])


def test_it_grows_where_somebody_says_why() -> None:
    first = renewed(None, [fail("a")], date(2026, 10, 1)).file
    second = renewed(first, [fail("a"), fail("c")], TODAY, accept="new policies of 0.2")
    assert [(known.path, known.accepted) for known in second.file.findings] == [("a", ""), ("c", "new policies of 0.2")]
