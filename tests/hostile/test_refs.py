"""Refs that lead nowhere, round in circles, to the wrong thing or are without end: told, or passed over; never followed for ever."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.bounded import within
from tests.hostile.conftest import HEALTHY, Beside
from tests.hostile.raw import Raw

Scanned = Callable[..., Beside]
WHO = "Robin Vale <robin@example.org> 1760000000 +0000"


def sick(tmp_path: Path) -> tuple[Raw, str]:
    """A sound repository to spoil, and its commit."""
    raw = Raw(tmp_path / "sick")
    return raw, raw.commit(raw.files(HEALTHY))


def write(raw: Raw, ref: str, text: str) -> None:
    path = raw.git / ref
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def tag(raw: Raw, of: str, name: str, *, kind: str = "commit", message: str = "x") -> str:
    """The id of an annotated tag."""
    return raw.object("tag", f"object {of}\ntype {kind}\ntag {name}\ntagger {WHO}\n\n{message}\n".encode())


@pytest.mark.parametrize("loop", [("main",), ("a", "main"), ("a", "b", "main"), tuple("abcdefghijkl")], ids=len)
def test_symbolic_refs_in_a_circle(tmp_path: Path, scanned: Scanned, loop: tuple[str, ...]) -> None:
    raw, _ = sick(tmp_path)
    (raw.git / "refs/heads/main").unlink()
    for one, following in zip(loop, (*loop[1:], loop[0]), strict=True):
        write(raw, f"refs/heads/{one}", f"ref: refs/heads/{following}\n")
    write(raw, "HEAD", f"ref: refs/heads/{loop[0]}\n")
    within(lambda: scanned(raw.path).gap("not_read"))


def test_a_circle_beside_the_branch_that_is_read(tmp_path: Path, scanned: Scanned) -> None:
    raw, _ = sick(tmp_path)
    write(raw, "refs/heads/a", "ref: refs/heads/b\n")
    write(raw, "refs/heads/b", "ref: refs/heads/a\n")
    write(raw, "refs/remotes/origin/HEAD", "ref: refs/remotes/origin/HEAD\n")
    write(raw, "refs/tags/v1.0.0", "ref: refs/tags/v1.0.0\n")
    within(lambda: [unit.path for unit in scanned(raw.path).units] == ["infra"] or pytest.fail("infra is not seen"))


@pytest.mark.parametrize("to", ["blob", "tree", "missing", "tag of a blob", "tag of what is missing", "tag that says it is a commit"])
def test_a_branch_that_is_no_commit(tmp_path: Path, scanned: Scanned, to: str) -> None:
    raw, commit = sick(tmp_path)
    blob = raw.blob(b"x")
    oid = {
        "blob": blob, "tree": raw.files(HEALTHY), "missing": "1" * 40, "tag of a blob": tag(raw, blob, "x", kind="blob"),
        "tag of what is missing": tag(raw, "2" * 40, "x"), "tag that says it is a commit": tag(raw, blob, "x"),
    }[to]  # fmt: skip
    raw.point(oid)
    assert scanned(raw.path).gap("not_read").what
    raw.point(commit)
    for ref in ("refs/tags/v1.0.0", "refs/heads/other", "refs/remotes/origin/HEAD"):
        write(raw, ref, f"{oid}\n")
    assert [unit.path for unit in scanned(raw.path).units] == ["infra"]


def test_tags_of_tags(tmp_path: Path, scanned: Scanned) -> None:
    """A thousand of them, one of the other: the last may be a version and a branch."""
    raw, commit = sick(tmp_path)
    oid = tag(raw, commit, "t0")
    for number in range(1, 1_000):
        oid = tag(raw, oid, f"t{number}", kind="tag")
    for ref in ("refs/tags/v1.0.0", "refs/heads/main"):
        write(raw, ref, f"{oid}\n")

    def run() -> None:
        one = scanned(raw.path)
        assert not one.target.read or [unit.path for unit in one.units] == ["infra"]

    within(run)


def test_twenty_thousand_tags(tmp_path: Path, scanned: Scanned) -> None:
    """Versions that lead to the commit, to a blob and to nothing; releases are looked up, and the cost is bounded."""
    raw, commit = sick(tmp_path)
    leads = (commit, raw.blob(b"x"), "1" * 40)
    lines = [f"{leads[number % 3]} refs/tags/v{number}.0.{number}" for number in range(20_000)]
    bot = "renovate[bot] <29139614+renovate[bot]@users.noreply.github.com> 1760000000 +0000"
    last = f"tree {raw.files(HEALTHY)}\nparent {commit}\nauthor {bot}\ncommitter {bot}\n\nchore(release): 1.0.0\n"
    raw.point(raw.object("commit", last.encode()))
    write(
        raw, "packed-refs", "# pack-refs with: peeled fully-peeled sorted \n" + "\n".join(sorted(lines, key=lambda line: line[41:])) + "\n"
    )
    within(lambda: [unit.path for unit in scanned(raw.path).units] == ["infra"] or pytest.fail("infra is not seen"), cpu=5)


@pytest.mark.parametrize(
    "name", ["v1\x1b[31m", "v\u202e1", "v" * 5_000, "../../../etc/passwd", "v1.0.0/../x", "a..b", "-rf", "v1\x7f", "1." * 50_000 + "1", "1" * 10_000_000],
    ids=lambda name: repr(name[:12]),
)  # fmt: skip
def test_an_odd_name_of_a_ref(tmp_path: Path, scanned: Scanned, name: str) -> None:
    """In the packed file, where no file system has a say."""
    raw, commit = sick(tmp_path)
    lines = sorted(f"{commit} refs/{kind}/{name}" for kind in ("tags", "heads", "remotes/origin"))
    write(raw, "packed-refs", "# pack-refs with: peeled \n" + "\n".join(lines) + "\n")

    def run() -> None:
        one = scanned(raw.path)
        assert not one.target.read or [unit.path for unit in one.units] == ["infra"]

    within(run, memory=400_000_000)


@pytest.mark.parametrize("message", ["x" * 10_000_000, "\x1b[31m" * 100_000, "(" * 1_000_000, "Co-authored-by: " * 300_000, "\n\n" * 1_000_000],
                         ids=lambda message: repr(message[:8]))  # fmt: skip
def test_a_message_without_end(tmp_path: Path, scanned: Scanned, message: str) -> None:
    """Of a tag, and of a commit on the line that history reads: in time, and nowhere shown."""
    raw, commit = sick(tmp_path)
    write(raw, "refs/tags/v1.0.0", tag(raw, commit, "v1.0.0", message=message) + "\n")
    for parent, text in ((commit, message[:3_900_000]), (commit, message), (commit, "after")):
        head = f"tree {raw.files(HEALTHY)}\nparent {parent}\nauthor {WHO}\ncommitter {WHO}\n\n"
        commit = raw.object("commit", f"{head}{text}\n".encode())
        raw.point(commit)

    def run() -> None:
        one = scanned(raw.path)
        assert [unit.path for unit in one.units] == ["infra"]
        assert message[:100] not in repr(one.assessment)

    within(run, memory=400_000_000)


@pytest.mark.parametrize("who", ["R" * 10_000_000 + " <r@e>", "<" * 500_000, "R <" + "e" * 5_000_000 + ">", "\x1b[31mRobin\x1b[0m <\u202er@e>", "R\tV <r@e> <x>", "<>"],
                         ids=lambda who: repr(who[:8]))  # fmt: skip
def test_an_author_without_end(tmp_path: Path, scanned: Scanned, who: str) -> None:
    raw, first = sick(tmp_path)
    head = f"tree {raw.files(HEALTHY)}\nparent {first}\nauthor {who} 1760000000 +0000\ncommitter {who} 1760000000 +0000\n\nx\n"
    raw.point(raw.object("commit", head.encode()))

    def run() -> None:
        one = scanned(raw.path)
        assert not one.target.read or [unit.path for unit in one.units] == ["infra"]
        assert "\x1b[31mRobin" not in repr(one.assessment)

    within(run, memory=400_000_000)
