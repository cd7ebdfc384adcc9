"""Pipes, devices and loops in place of files: nothing waits for ever, in the repository or where it leads."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assess.request import Request
from assess.run import observe
from tests.hostile.bounded import within
from tests.hostile.conftest import HEALTHY, Beside
from tests.hostile.raw import Raw

Scanned = Callable[..., Beside]
READ = (
    "config", "HEAD", "packed-refs", "shallow", "commondir", "refs/heads/main", "refs/tags/v1", "refs/remotes/origin/HEAD", "objects/info/alternates",
    "objects/info/commit-graph", "objects/pack/multi-pack-index", f"objects/pack/pack-{'0' * 40}.idx", f"objects/pack/pack-{'0' * 40}.pack",
)  # fmt: skip
"""What Git keeps in files, and libgit2 opens."""


def sick(tmp_path: Path, *, bare: bool = True) -> Raw:
    raw = Raw(tmp_path / "sick", bare=bare)
    raw.commit(raw.files(HEALTHY))
    return raw


def put(raw: Raw, name: str, make: Callable[[Path], object]) -> None:
    """Something else in the place of a file."""
    path = raw.git / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    make(path)


def refused(scanned: Scanned, path: Path) -> None:
    one = scanned(path)
    assert not one.target.read
    assert "is a pipe" in one.gap("not_read").what


@pytest.mark.parametrize("name", READ)
def test_a_pipe_where_a_file_belongs(tmp_path: Path, scanned: Scanned, name: str) -> None:
    raw = sick(tmp_path, bare=False)
    put(raw, name, os.mkfifo)
    within(lambda: refused(scanned, raw.path))


def test_a_pipe_for_an_object(tmp_path: Path, scanned: Scanned) -> None:
    raw = sick(tmp_path)
    put(raw, str(raw.file_of(raw.blob(HEALTHY["infra/main.tf"].encode())).relative_to(raw.git)), os.mkfifo)
    within(lambda: refused(scanned, raw.path))


@pytest.mark.parametrize(
    "text",
    [
        "[include]\n  path = {pipe}\n", '[include]\n  path = "{pipe}"\n', '[includeIf "gitdir:**"]\n  path = {pipe} # so\n', "[INCLUDE] path={pipe}\n",
        "[include]\n  path = more\n", '[include]\n  path = "pi\\\npe"\n', "[include]\n  path = ../pipe ; x\n",
    ],
)  # fmt: skip
def test_a_configuration_that_includes_a_pipe(tmp_path: Path, scanned: Scanned, text: str) -> None:
    raw = sick(tmp_path)
    for place in (tmp_path / "pipe", raw.git / "pipe"):
        os.mkfifo(place)
    (raw.git / "more").write_text(f"[include]\n  path = {tmp_path / 'pipe'}\n")
    with (raw.git / "config").open("a") as config:
        config.write(text.format(pipe=tmp_path / "pipe"))
    within(lambda: refused(scanned, raw.path))


def test_objects_of_another_directory_that_are_pipes(tmp_path: Path, scanned: Scanned) -> None:
    """Alternates lead out of the repository, and on from there."""
    raw, first, second = sick(tmp_path), tmp_path / "first", tmp_path / "second"
    for place in (raw.git / "objects", first, second):
        (place / "info").mkdir(parents=True, exist_ok=True)
    (raw.git / "objects" / "info" / "alternates").write_text(f"{first}\n")
    (first / "info" / "alternates").write_text(f"../../second\n{second}\n{first}\n")
    (second / "ab").mkdir()
    os.mkfifo(second / "ab" / ("0" * 38))
    within(lambda: refused(scanned, raw.path))


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/proc/self/environ", "/"])
def test_a_link_out_of_the_repository(tmp_path: Path, scanned: Scanned, device: str) -> None:
    """Read as far as it goes, or refused; nothing of what it leads to is told."""
    for number, name in enumerate(READ):
        raw = Raw(tmp_path / str(number) / "sick", bare=False)
        raw.commit(raw.files(HEALTHY))
        put(raw, name, lambda path: path.symlink_to(device))
        with (raw.git / "config").open("a") if name != "config" else (tmp_path / "none").open("a") as config:
            config.write(f"[include]\n  path = {device}\n")

    def run() -> None:
        os.environ["CANARY"] = "Planted1Zq7"
        for number in range(len(READ)):
            one = scanned(tmp_path / str(number) / "sick")
            assert not one.target.read or [unit.path for unit in one.units] == ["infra"]
            assert "Planted1Zq7" not in repr(one.assessment)

    within(run, cpu=15)


@pytest.mark.parametrize(
    "text",
    ["gitdir: .git\n", "gitdir: .\n", "gitdir: ../sick\n", "gitdir: /proc/self/root\n", "gitdir: " + "a/" * 50_000, "gitdir:", "\0"],
    ids=lambda text: repr(text[:20]),
)
def test_a_git_file_that_leads_round_in_circles(tmp_path: Path, scanned: Scanned, text: str) -> None:
    (tmp_path / "sick").mkdir()
    (tmp_path / "sick" / ".git").write_text(text)
    within(lambda: bool(scanned(tmp_path / "sick").gap("not_read").what) or pytest.fail("no reason"))


def test_a_git_file_that_is_a_pipe(tmp_path: Path, scanned: Scanned) -> None:
    (tmp_path / "sick").mkdir()
    os.mkfifo(tmp_path / "sick" / ".git")
    within(lambda: refused(scanned, tmp_path / "sick"))


@pytest.mark.parametrize("shared", [".", "..", "../sick/.git", "/", "commondir", "x" * 9_000])
def test_a_shared_directory_that_is_none(tmp_path: Path, scanned: Scanned, shared: str) -> None:
    raw = sick(tmp_path, bare=False)
    (raw.git / "commondir").write_text(shared)

    def run() -> None:
        one = scanned(raw.path)
        assert not one.target.read or [unit.path for unit in one.units] in ([], ["infra"])

    within(run)


def test_links_among_directories_that_are_searched(tmp_path: Path) -> None:
    """A directory of repositories with links to itself, above itself and to nowhere: each repository is found once."""
    raw = Raw(tmp_path / "all" / "shop")
    raw.commit(raw.files(HEALTHY))
    for name, to in {"self": ".", "above": "..", "root": "/", "gone": "nowhere", "again": "shop"}.items():
        (tmp_path / "all" / name).symlink_to(to)
    os.mkfifo(tmp_path / "all" / "pipe")
    within(
        lambda: (
            [one.target.label for one in observe(Request(targets=(str(tmp_path / "all"),)))] == ["shop"] or pytest.fail("found otherwise")
        )
    )


def test_a_fetch_from_a_repository_with_a_pipe(tmp_path: Path) -> None:
    """By address as by path: libgit2 reads a local repository itself."""
    raw = sick(tmp_path)
    put(raw, "packed-refs", os.mkfifo)

    def run() -> None:
        (seen,) = observe(Request(targets=(f"file://{raw.path}",), clones=tmp_path / "clones"))
        assert not seen.target.read
        assert "is a pipe" in seen.gaps[0].what

    within(run)
    shutil.rmtree(tmp_path / "clones", ignore_errors=True)
