"""Where a run may write is asked before it starts, for a scan may take an hour."""

from __future__ import annotations

from pathlib import Path

import pytest

from assess import run
from assess.commands import check_output, run_scan, write_all
from assess.errors import UsageError


def scanned(output: Path) -> None:
    run_scan(("nowhere",), estate_file=None, targets_file=None, output=output, format="json", facts_from=None)


@pytest.mark.parametrize("place", ["file", "file/deep", "link", "link/deep"])
def test_a_file_in_the_way_is_told_before_the_scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    monkeypatch.setattr(run, "observe", lambda *_: pytest.fail("the scan has started"))
    with pytest.raises(UsageError, match="is not a directory"):
        scanned(tmp_path / place)
    assert (tmp_path / "file").read_text() == "in the way"


def test_a_directory_that_may_not_be_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(UsageError, match="cannot be written to"):
        scanned(tmp_path / "new")


def test_a_new_directory_is_not_made_by_asking(tmp_path: Path) -> None:
    check_output(tmp_path / "a" / "b")
    assert not (tmp_path / "a").exists()


def test_what_the_system_refuses_while_writing_is_usage_too(tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()
    with pytest.raises(UsageError, match="cannot be written"):
        write_all({tmp_path / "a.json": b"x"})
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
