"""A content cache that somebody else wrote: at worst it is of no use; one notice, and the same answer as without it."""

from __future__ import annotations

import os
import random
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from assess.model.assessment import Assessment
from assess.request import Request
from assess.run import assess, observe
from assess.store.content import FILE, ContentCache
from tests.hostile.bounded import within
from tests.hostile.conftest import HEALTHY
from tests.worlds import commit

ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)"
COLUMNS = "key BLOB PRIMARY KEY, used INTEGER NOT NULL, size INTEGER NOT NULL, value BLOB NOT NULL"


def filled(tmp_path: Path) -> tuple[Request, Assessment, Path]:
    """A request, its assessment without a cache, and a cache that knows the answer."""
    request = Request(targets=(str(commit(tmp_path / "shop", HEALTHY)),))
    alone = assess(request, observe(request))
    cache = ContentCache(tmp_path / "cache")
    observe(request, None, cache)
    cache.close()
    return request, alone, tmp_path / "cache" / FILE


def same(request: Request, alone: Assessment, path: Path) -> str:
    """Why the cache is not used, after a run that came out as without it."""
    cache = ContentCache(path.parent)
    assert assess(request, observe(request, None, cache)) == alone
    cache.prune()
    cache.close()
    return cache.trouble


def replaced(path: Path, *statements: str) -> None:
    """Another database in its place."""
    path.unlink()
    with sqlite3.connect(path) as database:
        for statement in statements:
            database.execute(statement)
    path.chmod(0o600)


@pytest.mark.parametrize(
    "statement",
    [
        f"CREATE VIEW kept AS {ENDLESS} SELECT x AS value, x AS used, x AS key, x AS size FROM c",
        f"CREATE TABLE kept ({COLUMNS}, more TEXT GENERATED ALWAYS AS (hex(zeroblob(100000000))))",
        "CREATE TABLE kept (value TEXT)", f"CREATE TABLE kept ({COLUMNS}, CHECK (length(hex(zeroblob(100000000))) > 5))",
        "CREATE VIRTUAL TABLE kept USING fts5(key, used, size, value)",
    ],
    ids=lambda statement: statement[:24],
)  # fmt: skip
def test_another_schema(tmp_path: Path, statement: str) -> None:
    request, alone, path = filled(tmp_path)
    replaced(path, statement)
    within(lambda: same(request, alone, path) or pytest.fail("nobody is told"))


def test_a_trigger_beside_the_table(tmp_path: Path) -> None:
    """It would run at each question that writes."""
    request, alone, path = filled(tmp_path)
    endless = " , ".join(f"kept a{number}" for number in range(12))
    replaced(path, f"CREATE TABLE kept ({COLUMNS})", f"CREATE TRIGGER t BEFORE INSERT ON kept BEGIN SELECT count(*) FROM {endless}; END")
    within(lambda: same(request, alone, path) or pytest.fail("nobody is told"))


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/dev/zero"), lambda path: path.symlink_to("/nowhere/x")],
                         ids=["pipe", "directory", "device", "link to nowhere"])  # fmt: skip
def test_no_file_at_all(tmp_path: Path, make: Callable[[Path], object]) -> None:
    request, alone, path = filled(tmp_path)
    path.unlink()
    make(path)
    within(lambda: same(request, alone, path) or pytest.fail("nobody is told"))


@pytest.mark.parametrize("seed", range(8))
def test_bytes_changed_at_random(tmp_path: Path, seed: int) -> None:
    """A page that is damaged is a miss or the end of the cache; what is read from it is checked all the same."""
    request, alone, path = filled(tmp_path)
    chosen, content = random.Random(seed), bytearray(path.read_bytes())
    for _ in range(chosen.choice((1, 20, 2_000))):
        content[chosen.randrange(16, len(content))] ^= chosen.randrange(1, 256)
    path.write_bytes(content)
    within(lambda: same(request, alone, path))


@pytest.mark.parametrize("value", [b"", b"\0" * 100, b"\x28\xb5\x2f\xfd" + b"\xff" * 40, b"{}", "text", 7], ids=repr)
def test_values_that_are_none(tmp_path: Path, value: object) -> None:
    request, alone, path = filled(tmp_path)
    with sqlite3.connect(path) as database:
        database.execute("UPDATE kept SET value = ?", (value,))
    within(lambda: same(request, alone, path))


def test_a_value_that_unpacks_to_a_gigabyte(tmp_path: Path) -> None:
    import zstandard

    request, alone, path = filled(tmp_path)
    bombs = (
        zstandard.ZstdCompressor(level=1).compress(bytes(600_000_000)),
        zstandard.ZstdCompressor(write_content_size=False).compress(bytes(100)),
    )
    for bomb in bombs:
        with sqlite3.connect(path) as database:
            database.execute("UPDATE kept SET value = ?", (bomb,))
        within(lambda: same(request, alone, path), memory=400_000_000)


def test_it_stays_its_owners(tmp_path: Path) -> None:
    _, _, path = filled(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
