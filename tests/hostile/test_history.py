"""Histories that are enormous or impossible: read within their cost, as what they are or as unknown."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from pathlib import Path

import pytest

from assess.model.fact import History
from assess.request import Request
from assess.run import observe
from tests.hostile.bounded import used, within
from tests.hostile.conftest import HEALTHY, Beside
from tests.hostile.raw import Raw
from tests.hostile.test_packs import entry, with_pack

Scanned = Callable[..., Beside]
NOW = datetime(2025, 10, 9, tzinfo=UTC)
COMMIT = 1


def who(seconds: int | str, name: str = "Robin Vale <robin@example.org>") -> str:
    return f"{name} {seconds} +0000"


def text_of(tree: str, parents: list[str], author: str, committer: str = "", message: str = "a change") -> bytes:
    lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents), f"author {author}", f"committer {committer or author}"]
    return ("\n".join(lines) + f"\n\n{message}\n").encode()


def told(path: Path, **more: object) -> History:
    """What a run says of the history."""
    (seen,) = observe(Request(targets=(str(path),), now=NOW, **more))  # type: ignore[arg-type]
    assert seen.target.read, seen.gaps
    (found,) = [fact for fact in seen.facts if isinstance(fact, History)]
    return found


def line_of(raw: Raw, number: int, step: int) -> str:
    """The last of so many commits in a row, packed, each so many seconds after the one before; the last of now."""
    tree, packed, before = raw.files(HEALTHY), {}, ""
    for left in range(number, 0, -1):
        data = text_of(tree, [before] if before else [], who(int(NOW.timestamp()) - (left - 1) * step))
        before = sha1(b"commit %d\0%s" % (len(data), data)).hexdigest()
        packed[before] = entry(COMMIT, len(data), data)
    with_pack(raw, packed)
    raw.point(before)
    return before


def test_a_hundred_thousand_commits(tmp_path: Path) -> None:
    """All of this day; read is what the cap allows, and the same again where only a time is asked for."""
    raw = Raw(tmp_path / "sick")
    line_of(raw, 100_000, 30)

    def run() -> None:
        start = used()[0]
        found = told(raw.path)
        assert found.cut == "cap"
        assert 0 < found.changes <= 2_000
        assert used()[0] - start < 2
        then = told(raw.path, at=NOW - timedelta(days=20))
        assert then.changes > 0
        (gone,) = observe(Request(targets=(str(raw.path),), now=NOW, at=NOW - timedelta(days=400)))
        assert "did not exist" in gone.gaps[0].what

    within(run, cpu=12)


@pytest.mark.parametrize("there", [True, False], ids=["of commits", "of nothing"])
def test_merges_of_fifty_thousand(tmp_path: Path, there: bool) -> None:
    """Twenty of them in a row: whose changes they bring is not asked of each parent."""
    raw = Raw(tmp_path / "sick")
    tree = raw.files(HEALTHY)
    seconds = int(NOW.timestamp()) - 1_000
    sides = [raw.object("commit", text_of(tree, [], who(seconds - n))) for n in range(200)] if there else []
    parents = sides * 250 if there else [f"{number:040x}" for number in range(1, 50_000)]
    last = raw.object("commit", text_of(tree, [], who(seconds)))
    for number in range(20):
        last = raw.object("commit", text_of(tree, [last, *parents], who(seconds + number)))
    raw.point(last)

    def run() -> None:
        start = used()[0]
        found = told(raw.path)
        assert found.changes == 21
        assert used()[0] - start < 4

    within(run, cpu=10)


TIMES = ["0", "-62135596800", "253402300799", "253402300800", "9" * 12, "9" * 13, "9" * 5_000, "", "x", "1e9", "١٢٣"]


@pytest.mark.parametrize("seconds", TIMES, ids=lambda seconds: seconds[:14] or "none")
def test_times_that_are_none(tmp_path: Path, scanned: Scanned, seconds: str) -> None:
    """In the first commit, in one between and in the newest; at a time, too."""
    for place in range(3):
        raw = Raw(tmp_path / str(place) / "sick")
        last = ""
        for number in range(3):
            when = seconds if number == place else str(int(NOW.timestamp()) - 900 + number)
            last = raw.object("commit", text_of(raw.files(HEALTHY), [last] if last else [], who(when)))
        raw.point(last)
        one = scanned(raw.path)
        assert not one.target.read or [unit.path for unit in one.units] == ["infra"]
        for at in (NOW, datetime(1970, 1, 2, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)):
            (seen,) = observe(Request(targets=(str(raw.path),), now=NOW, at=at))
            assert seen.target.read or seen.gaps


def test_a_commit_that_is_its_own_past(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by its hash, which nobody checks on reading: an object under another's name."""
    raw = Raw(tmp_path / "sick")
    first = raw.commit(raw.files(HEALTHY))
    data = text_of(raw.files(HEALTHY), [first], who(int(NOW.timestamp()) - 60))
    raw.file_of(first).write_bytes(zlib.compress(b"commit %d\0%s" % (len(data), data)))

    def run() -> None:
        assert told(raw.path).changes <= 2_000
        observe(Request(targets=(str(raw.path),), now=NOW, at=NOW - timedelta(days=400)))

    within(run, cpu=5)
