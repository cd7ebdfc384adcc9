"""What goes where: results on stdout, talk on stderr, colour only for people, quiet when nobody listens, clean when interrupted."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAM, SHOP, Done, environment
from tests.hostile.raw import FILE, TREE, Raw
from tests.worlds import commit

Idp = Callable[..., Done]
ESCAPE = re.compile(rb"\x1b\[")


@pytest.mark.parametrize("format", ["terminal", "markdown", "html", "json"])
def test_a_pipe_gets_no_colour(idp: Idp, shop: Path, format: str) -> None:
    done = idp("scan", shop, "--format", format)
    assert done.code == 0, done.err
    assert done.out
    assert not ESCAPE.search(done.out.encode())


def on_a_terminal(*arguments: object, **env: str) -> bytes:
    """What the program prints where stdout and stderr are a terminal."""
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [str(PROGRAM), *map(str, arguments)], stdin=its, stdout=its, stderr=its, env=environment(TERM="xterm-256color", **env)
    )
    os.close(its)
    said, deadline = b"", time.monotonic() + 120
    while time.monotonic() < deadline:
        if select.select([ours], [], [], 1)[0]:
            try:
                chunk = os.read(ours, 65536)
            except OSError:  # Linux says so when the other side has closed
                break
            said += chunk
    os.close(ours)
    assert process.wait(10) == 0, said
    return said


def test_a_terminal_gets_colour_unless_no_color_is_set(shop: Path) -> None:
    colour = re.compile(rb"\x1b\[[0-9;]*m")
    assert colour.search(on_a_terminal("scan", shop))
    printed = on_a_terminal("scan", shop, NO_COLOR="1")
    assert not [code for code in colour.findall(printed) if re.search(rb"\b[349][0-7]\b|38;|48;", code)]


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    for number in range(30):
        commit(tmp_path / "home" / f"r{number}", {f"{name}/{path}": text for name in "abcdefgh" for path, text in SHOP.items()})
    process = subprocess.Popen(
        [str(PROGRAM), "scan", str(tmp_path / "home"), "-f", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    assert process.stdout is not None
    process.stdout.read(1)
    process.stdout.close()
    _, err = process.communicate(timeout=120)
    assert err == b""
    assert process.returncode == 0


def slow(path: Path) -> Path:
    """A repository that takes seconds to read: a few objects, a hundred thousand files."""
    raw = Raw(path)
    folder = raw.tree([(FILE, f"f{number:03}.yaml".encode(), raw.blob(b"apiVersion: v1\nkind: X%d\n" % number)) for number in range(300)])
    raw.commit(raw.tree([(TREE, f"d{number:03}".encode(), folder) for number in range(400)]))
    return path


def _hears_interrupts() -> None:
    """What a terminal's program does: a test run in the background of a shell is started deaf to Ctrl-C, and hands that on."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupted_scan_leaves_what_was_there(tmp_path: Path, jobs: int) -> None:
    """Ctrl-C while repositories are read: 130, the old file whole, no partial file, no process left behind."""
    targets = [slow(tmp_path / name) for name in ("one", "two")]
    out = tmp_path / "out"
    out.mkdir()
    (out / "assessment.json").write_text("old")
    process = subprocess.Popen(
        [str(PROGRAM), "scan", *map(str, targets), "-o", str(out), "--jobs", str(jobs)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), start_new_session=True,
        preexec_fn=_hears_interrupts,
    )  # fmt: skip
    _until(lambda: any(_reads_git(pid) for pid in _group(process.pid)))
    os.killpg(process.pid, signal.SIGINT)
    said, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert said == b""
    assert b"interrupted" in err
    assert b"Traceback" not in err
    assert [path.name for path in out.iterdir()] == ["assessment.json"]
    assert (out / "assessment.json").read_text() == "old"
    _until(lambda: not _group(process.pid))


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, "did not come to pass in 60 seconds"
        time.sleep(0.01)


def _group(leader: int) -> list[int]:
    """The living processes of a process group."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group = path.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(group) == leader and state != "Z":
            found.append(int(path.parent.name))
    return found


def _reads_git(pid: int) -> bool:
    """Whether a process has an object database open: it is in the middle of reading."""
    try:
        return "libgit2" in Path(f"/proc/{pid}/maps").read_text()
    except OSError:
        return False
