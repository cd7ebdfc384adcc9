"""Repositories as they were: the newest commit of the default branch, along first parents, that is not after a time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pygit2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.collect.collector import collect
from assess.collect.git.fetch import place
from assess.collect.git.past import newest_until
from assess.errors import UsageError
from assess.model.address import parse
from assess.model.fact import History
from assess.model.gap import GapReason
from assess.request import Request, moment
from assess.run import scan
from tests.worlds import commit

DAY = 86_400
START = int(datetime(2025, 3, 1, 12, tzinfo=UTC).timestamp())
ROOT = 'resource "aws_s3_bucket" "logs" {}\n'


def grown(path: Path, *roots: str) -> Path:
    """A repository with one commit a day from 2025-03-01 on, each with one Terraform root more."""
    for number in range(1, len(roots) + 1):
        commit(path, {f"{root}/main.tf": ROOT for root in roots[:number]}, when=START + (number - 1) * DAY)
    return path


def units(path: Path, at: str) -> list[str]:
    """The units of a repository at a time."""
    return sorted(unit.path for unit in scan(Request.build(path, at=at)).units)


@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("2025-03-01", ["a"]), ("2025-03-02", ["a", "b"]), ("2025-03-02T11:59:59Z", ["a"]), ("2025-03-02T12:00:00Z", ["a", "b"]),
        ("2025-03-02T13:00:00+02:00", ["a"]), ("2030-01-01", ["a", "b", "c"]),
    ],
)  # fmt: skip
def test_a_repository_is_read_as_it_was(tmp_path: Path, at: str, found: list[str]) -> None:
    assert units(grown(tmp_path / "shop", "a", "b", "c"), at) == found


def test_a_repository_that_did_not_exist_is_empty_and_says_so(tmp_path: Path) -> None:
    assessment = scan(Request.build(grown(tmp_path / "shop", "a"), at="2025-02-27"))
    (target,), (gap,) = assessment.targets, assessment.gaps
    assert target.read
    assert (gap.reason, gap.what) == (GapReason.EMPTY, "it did not exist on 2025-02-27: its first commit is of 2025-03-01")
    assert "did not exist" in assessment.placement("shop").not_applicable
    assert assessment.findings == ()


def test_a_clone_that_does_not_reach_back_is_not_read_and_says_how_to_fetch_more(tmp_path: Path) -> None:
    shop = grown(tmp_path / "shop", "a", "b", "c")
    tip = str(pygit2.Repository(str(shop)).head.target)
    cut = tmp_path / "cut"
    shallow = pygit2.init_repository(str(cut), bare=True, initial_head="main")
    source = pygit2.Repository(str(shop))
    for oid in _objects(source, tip):
        shallow.odb.write(source.odb.read(oid)[0], source.odb.read(oid)[1])
    (cut / "shallow").write_text(tip + "\n")
    shallow.references.create("refs/heads/main", tip)
    assert units(cut, "2025-03-03") == ["a", "b", "c"]
    assessment = scan(Request.build(cut, at="2025-03-02"))
    (gap,) = assessment.gaps
    assert not assessment.targets[0].read
    assert gap.what == "the clone is 1 commit deep and reaches back to 2025-03-03 only, not to 2025-03-02"
    assert "git fetch --deepen=50" in gap.settle


def _objects(repository: pygit2.Repository, tip: str) -> list[pygit2.Oid]:
    found = [repository[tip].id, repository[tip].peel(pygit2.Tree).id]
    for entry in repository[tip].peel(pygit2.Tree):
        found += [entry.id, *(one.id for one in entry)]
    return found


def test_the_default_branch_is_read_where_another_is_checked_out(tmp_path: Path) -> None:
    shop = grown(tmp_path / "shop", "a", "b")
    repository = pygit2.Repository(str(shop))
    repository.references.create("refs/remotes/origin/main", repository.head.target)
    repository.references.create("refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    repository.references.create("refs/heads/topic", repository.head.target)
    commit(shop, {"topic/main.tf": ROOT}, when=START, branch="topic")
    repository.set_head("refs/heads/topic")
    assessment = scan(Request.build(shop, at="2025-03-02"))
    assert (assessment.targets[0].branch, [unit.path for unit in assessment.units]) == ("main", ["a", "b"])


def test_a_branch_that_was_merged_is_not_walked(tmp_path: Path) -> None:
    shop = commit(tmp_path / "shop", {"a/main.tf": ROOT}, when=START)
    repository = pygit2.Repository(str(shop))
    base = repository.head.target
    repository.references.create("refs/heads/topic", base)
    commit(shop, {"topic/main.tf": ROOT}, when=START + DAY, branch="topic")
    side = repository.references["refs/heads/topic"].target
    tree = repository[side].peel(pygit2.Tree).id
    author = pygit2.Signature("Robin Vale", "robin@example.org", START + 5 * DAY, 0)
    repository.create_commit("refs/heads/main", author, author, "merge", tree, [base, side])
    assert units(shop, "2025-03-03") == ["a"]
    assert units(shop, "2025-03-06") == ["topic"]


@pytest.mark.parametrize(
    ("given_", "told"),
    [
        ("2025-03-01", datetime(2025, 3, 1, 23, 59, 59, tzinfo=UTC)), (date(2025, 3, 1), datetime(2025, 3, 1, 23, 59, 59, tzinfo=UTC)),
        ("2025-03-01T10:00", datetime(2025, 3, 1, 10, tzinfo=UTC)), ("2025-03-01T10:00+01:00", datetime(2025, 3, 1, 9, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_a_date_is_the_end_of_its_day_in_utc(given_: str | date, told: datetime) -> None:
    assert moment(given_) == told


@pytest.mark.parametrize("text", ["yesterday", "2025-13-01", "2025-03", "", "20250301T99"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="neither a date nor a time"):
        moment(text)


def test_a_date_and_a_revision_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--at and --rev"):
        Request.build(tmp_path, at="2025-03-01", rev="main")


@given(st.binary(max_size=200), st.integers(0, 2**39))
def test_any_commit_text_ends_the_walk(text: bytes, when: int) -> None:
    child = b"tree %s\nparent %s\nauthor a <b> 1 +0000\ncommitter a <b> %d +0000\n\nm" % (b"02" * 20, b"01" * 20, when)
    texts = {b"\1" * 20: text, b"\2" * 20: child}
    walked = newest_until(lambda oid, _: texts[oid], b"\2" * 20, datetime(2025, 1, 1, tzinfo=UTC))
    assert walked.seen


@given(st.lists(st.text(st.characters(exclude_characters="/"), min_size=1, max_size=8), min_size=1, max_size=4))
def test_no_address_leads_out_of_the_directory_of_clones(parts: list[str]) -> None:
    address = parse("https://git.example/" + "/".join(parts))
    if address is not None:
        found = place(address, Path("/clones"))
        assert found.resolve().is_relative_to("/clones/https")
        assert found.name.endswith(".git")
        assert not any(folder.name.endswith(".git") for folder in found.parents)


def test_changes_are_counted_up_to_the_time_that_is_read(tmp_path: Path) -> None:
    shop = grown(tmp_path / "shop", "a", "b", "c")
    (seen,) = collect(Request.build(shop, at="2025-03-02", window_days=30))
    (history,) = (fact for fact in seen.facts if isinstance(fact, History))
    assert (history.changes, history.until, history.last_change) == (2, "2025-03-02T23:59:59Z", "2025-03-02")
