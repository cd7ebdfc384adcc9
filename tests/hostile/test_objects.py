"""Object databases that lack things: what is absent is a gap with its reason, never a crash and never an all-clear."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.conftest import HEALTHY, Beside
from tests.hostile.raw import FILE, TREE, Raw

Scanned = Callable[..., Beside]


def test_a_missing_blob(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.files({**HEALTHY, "infra/dns.tf": "resource {}"}))
    raw.lose(raw.blob(b"resource {}"))
    sick = scanned(raw.path)
    assert sick.target.read
    assert sick.gap("missing_object", "infra/dns.tf").settle
    assert [unit.path for unit in sick.units] == ["infra"]


def test_a_missing_tree(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    lost = raw.files({"main.tf": "x"})
    infra = raw.files({"main.tf": HEALTHY["infra/main.tf"]})
    raw.commit(raw.tree([(TREE, b"gone", lost), (TREE, b"infra", infra)]))
    raw.lose(lost)
    sick = scanned(raw.path)
    assert sick.gap("missing_object", "gone")
    assert [unit.path for unit in sick.units] == ["infra"]


def test_a_hidden_pipeline_keeps_the_question_open(tmp_path: Path, scanned: Scanned) -> None:
    """Who runs it stands in the blob that is not there: level 2 must not be claimed as certain."""
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.files(HEALTHY))
    raw.lose(raw.blob(HEALTHY[".github/workflows/apply.yml"].encode()))
    (unit,) = scanned(raw.path).units
    assert unit.declared[0] <= 2 < unit.declared[1]


def test_a_hidden_directory_of_pipelines_keeps_the_question_open(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    lost = raw.files({"workflows/apply.yml": HEALTHY[".github/workflows/apply.yml"]})
    raw.commit(raw.tree([(TREE, b".github", lost), (TREE, b"infra", raw.files({"main.tf": HEALTHY["infra/main.tf"]}))]))
    raw.lose(lost)
    (unit,) = scanned(raw.path).units
    assert unit.declared[0] <= 2 < unit.declared[1]


@pytest.mark.parametrize("damage", [b"", b"not zlib", b"x\x9c\x03\x00\x00\x00\x00\x01"], ids=["empty", "garbage", "empty stream"])
def test_a_damaged_blob(tmp_path: Path, scanned: Scanned, damage: bytes) -> None:
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.files({**HEALTHY, "infra/dns.tf": "resource {}"}))
    raw.file_of(raw.blob(b"resource {}")).write_bytes(damage)
    sick = scanned(raw.path)
    assert sick.gap("missing_object", "infra/dns.tf")
    assert [unit.path for unit in sick.units] == ["infra"]


def test_a_damaged_tree(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    bad = raw.files({"main.tf": "x"})
    raw.commit(raw.tree([(TREE, b"bad", bad), (TREE, b"infra", raw.files({"main.tf": HEALTHY["infra/main.tf"]}))]))
    raw.file_of(bad).write_bytes(b"garbage")
    sick = scanned(raw.path)
    assert sick.gap("missing_object", "bad")
    assert [unit.path for unit in sick.units] == ["infra"]


def test_objects_of_another_type_than_the_tree_says(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    inner, blob = raw.files({"a.tf": "x"}), raw.blob(b"just text")
    infra = raw.files({"main.tf": HEALTHY["infra/main.tf"]})
    raw.commit(raw.tree([(TREE, b"blob-as-tree", blob), (TREE, b"infra", infra), (FILE, b"tree-as-blob.tf", inner)]))
    sick = scanned(raw.path)
    assert [unit.path for unit in sick.units] == ["infra"]
    assert sick.gap("missing_object", "blob-as-tree")
    assert sick.gap("missing_object", "tree-as-blob.tf")


def test_a_tree_that_is_not_one(tmp_path: Path, scanned: Scanned) -> None:
    """Rows cut off in the middle, and rows without a name."""
    raw = Raw(tmp_path / "sick")
    whole = bytes.fromhex(raw.blob(b"x"))
    raw.commit(raw.object("tree", b"100644 a.tf\0" + whole + b"100644 \0" + whole + b"100644 cut.tf\0" + whole[:7]))
    sick = scanned(raw.path)
    assert sick.gap("missing_object")


def test_no_commit_yet(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    sick = scanned(raw.path)
    assert not sick.target.read
    assert "no commit" in sick.gap("not_read").what


def test_head_leads_nowhere_and_a_branch_has_commits(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.files(HEALTHY))
    (raw.git / "HEAD").write_text("ref: refs/heads/never\n")
    sick = scanned(raw.path)
    assert sick.target.read
    assert [unit.path for unit in sick.units] == ["infra"]


@pytest.mark.parametrize(
    "head", ["", "garbage", "ref: ", "ref: ../../../etc/passwd\n", "0" * 40, "f" * 40, "ref: refs/heads/main\0x", "ref: HEAD\n", "\xff\xfe"]
)
def test_a_broken_head(tmp_path: Path, scanned: Scanned, head: str) -> None:
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.files({}))
    (raw.git / "refs" / "heads" / "main").unlink()
    (raw.git / "HEAD").write_bytes(head.encode("latin-1"))
    assert not scanned(raw.path).target.read


def test_the_commit_is_missing(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    raw.lose(raw.commit(raw.files(HEALTHY)))
    assert not scanned(raw.path).target.read


def test_the_root_tree_is_missing(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    tree = raw.files(HEALTHY)
    raw.commit(tree)
    raw.lose(tree)
    sick = scanned(raw.path)
    assert not sick.target.read or sick.gap("missing_object")
    assert sick.assessment.placement("sick") is None or sick.assessment.placement("sick").high == 5  # type: ignore[union-attr]


def test_an_empty_commit(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.tree([]))
    sick = scanned(raw.path)
    assert sick.target.read
    assert sick.gap("empty")
    placement = sick.assessment.placement("sick")
    assert placement is not None
    assert placement.not_applicable


def test_a_shallow_clone(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    commit = raw.commit(raw.files(HEALTHY), parent="1" * 40)
    (raw.git / "shallow").write_text(f"{commit}\n")
    sick = scanned(raw.path)
    assert sick.gap("truncated").settle == "git fetch --unshallow"
    assert [unit.path for unit in sick.units] == ["infra"]


@pytest.mark.parametrize("time", ["99999999999999", "-5", "1760000000 +9999", "x"])
def test_a_commit_at_an_impossible_time(tmp_path: Path, scanned: Scanned, time: str) -> None:
    raw = Raw(tmp_path / "sick")
    who = f"Robin Vale <robin@example.org> {time}"
    raw.point(raw.object("commit", f"tree {raw.files(HEALTHY)}\nauthor {who}\ncommitter {who}\n\nx\n".encode()))
    sick = scanned(raw.path)
    assert not sick.target.read or [unit.path for unit in sick.units] == ["infra"]


def test_a_commit_by_nobody(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    raw.point(
        raw.object(
            "commit", b"tree %s\nauthor \xff <> 1 +0000\ncommitter \xff <> 1 +0000\nencoding x\n\n\xff\n" % raw.files(HEALTHY).encode()
        )
    )
    assert [unit.path for unit in scanned(raw.path).units] == ["infra"]


@pytest.mark.parametrize("text", ["garbage\n", "^" * 41, "# pack-refs with: peeled\n" + "0" * 40 + " refs/tags/v1\n", "\0\0"])
def test_broken_packed_refs(tmp_path: Path, scanned: Scanned, text: str) -> None:
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.files(HEALTHY))
    (raw.git / "packed-refs").write_text(text)
    sick = scanned(raw.path)
    assert not sick.target.read or [unit.path for unit in sick.units] == ["infra"]


def test_a_directory_that_only_looks_like_a_repository(tmp_path: Path, scanned: Scanned) -> None:
    (tmp_path / "sick" / "objects").mkdir(parents=True)
    (tmp_path / "sick" / "HEAD").write_text("ref: refs/heads/main\n")
    assert scanned(tmp_path / "sick").gap("not_read").settle


def test_a_git_file_that_points_outside(tmp_path: Path, scanned: Scanned) -> None:
    """A `.git` file of a worktree or submodule may name any directory; one that is no repository is not read."""
    (tmp_path / "sick").mkdir()
    (tmp_path / "sick" / ".git").write_text("gitdir: /etc\n")
    assert not scanned(tmp_path / "sick").target.read


def test_alternates_that_lead_nowhere(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.files(HEALTHY))
    info = raw.git / "objects" / "info"
    info.mkdir(exist_ok=True)
    (info / "alternates").write_text(f"/nonexistent\n{raw.git / 'objects'}\n../objects\n")
    sick = scanned(raw.path)
    assert not sick.target.read or [unit.path for unit in sick.units] == ["infra"]


def test_a_clone_without_blobs_is_told_in_a_few_lines(tmp_path: Path, scanned: Scanned) -> None:
    """`git clone --filter=blob:none`: two thousand files are absent, and everything about them stays open."""
    raw = Raw(tmp_path / "sick")
    files = {f"d{n // 50}/f{n}.yaml": f"key: {n}\n" for n in range(2_000)} | HEALTHY
    raw.commit(raw.files(files))
    for text in files.values():
        raw.lose(raw.blob(text.encode()))
    sick = scanned(raw.path)
    assert len(sick.gaps) <= 25
    last = sick.gaps[-1]
    assert "1982 more files" in last.what
    assert last.settle
    assert "PipelineJob" in {kind for gap in sick.gaps for kind in gap.blinds}
    placement = sick.assessment.placement("sick")
    assert placement is not None
    assert (placement.low, placement.high, placement.not_applicable) == (0, 5, "")
