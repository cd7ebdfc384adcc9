"""The content cache: bytes in, the same bytes or nothing out; trouble is told once and costs nothing but time."""

from __future__ import annotations

import os
import pickle
import sqlite3
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from assess.store.content import MAX_DAYS, ContentCache, default_directory


def test_what_is_kept_comes_back_in_another_process_too(tmp_path: Path) -> None:
    cache = ContentCache(tmp_path / "new" / "place")
    assert cache.get(b"a") is None
    cache.put(b"a", b"some bytes")
    cache.put(b"a", b"other bytes")
    assert pickle.loads(pickle.dumps(cache)).get(b"a") == b"other bytes"
    assert cache.trouble == ""


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    cache = ContentCache(tmp_path / "cache")
    cache.put(b"a", b"x")
    assert cache.path.stat().st_mode & 0o077 == 0
    assert cache.path.parent.stat().st_mode & 0o077 == 0


def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path) -> None:
    cache = ContentCache(tmp_path)
    cache.path.write_bytes(b"not a database, but of some length" * 100)
    cache.path.chmod(0o600)
    cache.put(b"a", b"x")
    assert cache.get(b"a") is None
    assert "not a database" in cache.trouble
    assert cache.path.read_bytes().startswith(b"not a database")


def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = ContentCache(tmp_path / "file" / "cache")
    cache.put(b"a", b"x")
    assert cache.get(b"a") is None
    assert str(cache.path) in cache.trouble


def test_a_file_that_everybody_can_write_to_is_not_believed(tmp_path: Path) -> None:
    cache = ContentCache(tmp_path)
    cache.put(b"a", b"x")
    cache.close()
    cache.path.chmod(0o666)
    assert cache.get(b"a") is None
    assert "everybody" in cache.trouble


def test_a_damaged_value_is_a_miss(tmp_path: Path) -> None:
    cache = ContentCache(tmp_path)
    cache.put(b"a", b"value " * 100)
    with sqlite3.connect(cache.path) as connection:
        (value,) = connection.execute("SELECT value FROM kept").fetchone()
        for damaged in (value[:-1], value[:-1] + bytes([value[-1] ^ 1]), b"", os.urandom(40)):
            connection.execute("UPDATE kept SET value = ?", (damaged,))
            connection.commit()
            assert cache.get(b"a") is None
    assert cache.trouble == ""


def test_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    cache = ContentCache(tmp_path, max_bytes=20_000)
    for number in range(20):
        cache.put(b"%d" % number, os.urandom(2_000))
    with sqlite3.connect(cache.path) as connection:
        connection.execute("UPDATE kept SET used = used - 1 WHERE key IN (?, ?)", (b"18", b"19"))
        connection.execute("UPDATE kept SET used = used - ? WHERE key = ?", (MAX_DAYS + 1, b"0"))
    cache.prune()
    kept = {number for number in range(20) if cache.get(b"%d" % number)}
    assert kept == set(range(9, 18))


def test_a_value_that_would_push_out_all_others_is_not_kept(tmp_path: Path) -> None:
    cache = ContentCache(tmp_path, max_bytes=1_000)
    cache.put(b"a", os.urandom(900))
    assert cache.get(b"a") is None
    assert cache.trouble == ""


def _work(given: tuple[ContentCache, int]) -> tuple[int, str]:
    cache, process = given
    for number in range(50):
        cache.put(b"%d" % (number % 7), b"%d" % (number % 7) * 1_000)
        assert cache.get(b"%d" % (number % 7)) in (None, b"%d" % (number % 7) * 1_000)
    return process, cache.trouble


def test_processes_share_it(tmp_path: Path) -> None:
    cache = ContentCache(tmp_path / "shared")
    with ProcessPoolExecutor(4, mp_context=get_context("forkserver")) as pool:
        assert list(pool.map(_work, [(cache, n) for n in range(4)])) == [(n, "") for n in range(4)]
    assert cache.get(b"3") == b"3" * 1_000


@pytest.mark.parametrize(
    ("xdg", "home", "found"),
    [("/x", "/home/u", "/x/idp-assess"), ("rel", "/home/u", "/home/u/.cache/idp-assess"), ("", "/home/u", "/home/u/.cache/idp-assess")],
)
def test_where_it_lies(monkeypatch: pytest.MonkeyPatch, xdg: str, home: str, found: str) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", xdg)
    monkeypatch.setenv("HOME", home)
    assert default_directory() == Path(found)
