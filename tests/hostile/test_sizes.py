"""Repositories that are enormous, or say that they are: within their processor time and memory, and told with a number."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from hashlib import sha1
from pathlib import Path

import pytest

from assess.collect.git.repository import MAX_TREE
from tests.hostile.bounded import used, within
from tests.hostile.conftest import HEALTHY, Beside
from tests.hostile.raw import FILE, SUBMODULE, TREE, Raw

Scanned = Callable[..., Beside]
MEMORY = 400_000_000
INFRA = {"main.tf": HEALTHY["infra/main.tf"]}


def claimed(raw: Raw, kind: str, size: int, content: bytes) -> str:
    """The id of an object whose header says a size of its own."""
    data = b"%s %d\0%s" % (kind.encode(), size, content)
    oid = sha1(data).hexdigest()
    raw.file_of(oid).parent.mkdir(exist_ok=True)
    raw.file_of(oid).write_bytes(zlib.compress(data, 1))
    return oid


def measured(scanned: Scanned, path: Path, asked: Callable[[Beside], object], seconds: float) -> None:
    """Scans in a process of its own. Errors: AssertionError where it takes longer, or more memory than a run may."""

    def run() -> None:
        start, before = used()
        sick = scanned(path)
        end, most = used()
        assert end - start < seconds
        assert most - before < MEMORY
        asked(sick)

    within(run, cpu=int(2 * seconds), memory=1_500_000_000)


def test_two_hundred_thousand_files(tmp_path: Path, scanned: Scanned) -> None:
    """Under the cap: all are seen, and none of them is a gap."""
    raw = Raw(tmp_path / "sick")
    blob = raw.blob(b"key: value\n")
    folder = raw.tree([(FILE, f"f{n:03}.{'yaml' if n % 50 == 0 else 'dat'}".encode(), blob) for n in range(400)])
    upper = raw.tree([(TREE, f"d{n:02}".encode(), folder) for n in range(50)])
    raw.commit(raw.tree([*((TREE, f"e{n}".encode(), upper) for n in range(10)), (TREE, b"infra", raw.files(INFRA))]))

    def asked(sick: Beside) -> None:
        assert [unit.path for unit in sick.units] == ["infra"]
        assert not sick.gaps

    measured(scanned, raw.path, asked, 20)


def test_a_directory_of_two_hundred_thousand_files(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    blob = raw.blob(b"key: value\n")
    many = raw.tree([(FILE, f"f{n:06}.dat".encode(), blob) for n in range(200_000)])
    raw.commit(raw.tree([(TREE, b"infra", raw.files(INFRA)), (TREE, b"many", many)]))

    def asked(sick: Beside) -> None:
        assert [unit.path for unit in sick.units] == ["infra"]
        assert not sick.gaps

    measured(scanned, raw.path, asked, 20)


def test_a_directory_of_two_hundred_thousand_directories(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    empty = raw.tree([])
    many = raw.tree([(TREE, f"d{n:06}".encode(), empty) for n in range(200_000)])
    raw.commit(raw.tree([(TREE, b"infra", raw.files(INFRA)), (TREE, b"many", many)]))
    measured(scanned, raw.path, lambda sick: [unit.path for unit in sick.units] == ["infra"] or pytest.fail("infra is not seen"), 20)


def test_submodules_without_end_are_told_in_a_few_lines(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    many = raw.tree([(SUBMODULE, f"m{n:05}".encode(), f"{n + 1:040x}") for n in range(20_000)])
    raw.commit(raw.tree([(TREE, b"infra", raw.files(INFRA)), (TREE, b"many", many)]))

    def asked(sick: Beside) -> None:
        assert [unit.path for unit in sick.units] == ["infra"]
        assert len(sick.gaps) == 201
        assert any("more" in gap.what for gap in sick.gaps)

    measured(scanned, raw.path, asked, 10)


@pytest.mark.parametrize(
    ("kind", "size", "held"),
    [
        ("tree", 99_999_999_999, 3), ("tree", 200_000_000, 200_000_000), ("tree", 2**63, 0), ("tree", -1, 0), ("blob", 99_999_999_999, 3),
        ("blob", 2**63, 0), ("blob", 3, 1_000), ("blob", 1_000, 1),
    ],
)  # fmt: skip
def test_an_object_of_another_size_than_it_may_be(tmp_path: Path, scanned: Scanned, kind: str, size: int, held: int) -> None:
    """Told by what its header says, before any memory is asked for; a wrong header is damage."""
    raw = Raw(tmp_path / "sick")
    made = claimed(raw, kind, size, b"\0" * held)
    bomb = (TREE, b"bomb", made) if kind == "tree" else (FILE, b"bomb.tf", made)
    raw.commit(raw.tree([bomb, (TREE, b"infra", raw.files(INFRA))]))

    def asked(sick: Beside) -> None:
        assert [unit.path for unit in sick.units] == ["infra"]
        assert sick.gaps
        if kind == "tree" and MAX_TREE < size < 2**63:
            assert str(MAX_TREE) in sick.gap("too_large", "bomb").what

    measured(scanned, raw.path, asked, 4)


@pytest.mark.parametrize("size", [500_000_000, 99_999_999_999])
def test_a_commit_of_another_size_than_it_may_be(tmp_path: Path, scanned: Scanned, size: int) -> None:
    raw = Raw(tmp_path / "sick")
    raw.point(claimed(raw, "commit", size, b"tree " + b"\0" * 100_000_000))
    within(lambda: scanned(raw.path).gap("not_read"))


def test_fifty_megabytes_of_openings(tmp_path: Path, scanned: Scanned) -> None:
    """Whatever would be read as what: over the cap, and so never opened."""
    raw = Raw(tmp_path / "sick")
    blob = raw.blob(b"${" * 25_000_000)
    names = (b"a.sh", b"b.yaml", b"c.tf", b"Jenkinsfile", b"Makefile", b"values.yaml")
    raw.commit(raw.tree([*((FILE, name, blob) for name in names), (TREE, b"infra", raw.files(INFRA))]))

    def asked(sick: Beside) -> None:
        assert [unit.path for unit in sick.units] == ["infra"]
        for name in ("a.sh", "b.yaml", "c.tf", "Jenkinsfile", "Makefile"):
            assert "50000000 bytes" in sick.gap("too_large", name).what

    measured(scanned, raw.path, asked, 3)
