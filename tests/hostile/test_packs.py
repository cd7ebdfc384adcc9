"""Packs that are cut off, changed or beside the truth: what can be read is read, what cannot is a gap, and nothing crashes."""

from __future__ import annotations

import random
import shutil
import struct
import zlib
from bisect import bisect_right
from collections.abc import Callable
from hashlib import sha1
from itertools import pairwise
from pathlib import Path

import pygit2
import pytest

from tests.hostile.bounded import within
from tests.hostile.conftest import HEALTHY, Beside
from tests.hostile.raw import Raw

Scanned = Callable[..., Beside]
BLOB, TREE, COMMIT, REF_DELTA = 3, 2, 1, 7


def packed(tmp_path: Path) -> tuple[Raw, Path]:
    """A repository whose objects are all in one pack, and the pack's path without a suffix."""
    raw = Raw(tmp_path / "sick")
    noise = {f"noise/{n}.dat": random.Random(n).randbytes(400) for n in range(40)}
    commit = raw.commit(raw.files({**HEALTHY, **noise}))
    git = pygit2.Repository(str(raw.path))
    git.pack()
    for directory in (raw.git / "objects").iterdir():
        if len(directory.name) == 2:
            shutil.rmtree(directory)
    assert commit in git
    (pack,) = (raw.git / "objects" / "pack").glob("*.pack")
    for path in pack.parent.iterdir():
        path.chmod(0o644)
    return raw, pack.with_suffix("")


def honest(scanned: Scanned, path: Path) -> Beside:
    """Scans: either nothing is claimed of the repository, or what is missing is told, or all of it was read as it is."""
    one = scanned(path)
    assert one.target.read or one.gaps
    if one.target.read and not one.gaps:
        assert [(unit.path, unit.declared) for unit in one.units] == [("infra", (3, 3))]
    for unit in one.units:
        assert unit.declared[0] <= 3 <= unit.declared[1]
    return one


def test_a_sound_pack(tmp_path: Path, scanned: Scanned) -> None:
    """Else the tests below would show nothing."""
    raw, _ = packed(tmp_path)
    assert not honest(scanned, raw.path).gaps


@pytest.mark.parametrize("share", [0.0, 0.001, 0.2, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("suffix", [".pack", ".idx"])
def test_a_pack_that_is_cut_off(tmp_path: Path, scanned: Scanned, suffix: str, share: float) -> None:
    raw, pack = packed(tmp_path)
    path = pack.with_suffix(suffix)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    within(lambda: honest(scanned, raw.path))


@pytest.mark.parametrize("suffix", [".pack", ".idx"])
def test_a_pack_without_its_other_half(tmp_path: Path, scanned: Scanned, suffix: str) -> None:
    raw, pack = packed(tmp_path)
    pack.with_suffix(suffix).unlink()
    within(lambda: honest(scanned, raw.path).gap("not_read"))


@pytest.mark.parametrize("seed", range(14))
@pytest.mark.parametrize("suffix", [".pack", ".idx"])
def test_bytes_changed_at_random(tmp_path: Path, scanned: Scanned, suffix: str, seed: int) -> None:
    raw, pack = packed(tmp_path)
    chosen, path = random.Random(seed), pack.with_suffix(suffix)
    content = bytearray(path.read_bytes())
    for _ in range(chosen.choice((1, 8, 200))):
        content[chosen.randrange(len(content))] ^= chosen.randrange(1, 256)
    path.write_bytes(content)
    within(lambda: honest(scanned, raw.path))


@pytest.mark.parametrize(
    "text", [b"", b"garbage", b"MIDX" + b"\xff" * 60, b"CGPH" + b"\xff" * 60, bytes(4_000)], ids=lambda text: repr(text[:6])
)
@pytest.mark.parametrize(
    "name", ["objects/pack/multi-pack-index", "objects/info/commit-graph", "objects/pack/pack-1.idx", "objects/info/packs"]
)
def test_an_index_that_is_none(tmp_path: Path, scanned: Scanned, name: str, text: bytes) -> None:
    raw, _ = packed(tmp_path)
    (raw.git / name).parent.mkdir(exist_ok=True)
    (raw.git / name).write_bytes(text)
    within(lambda: honest(scanned, raw.path))


# --- packs made by hand: objects of a size, kind or base of their own ---------------------------------------------------


def entry(kind: int, size: int, data: bytes, base: str = "") -> bytes:
    """One entry of a pack, with a size in its header that need not be true. Source: https://git-scm.com/docs/pack-format"""
    head = bytearray([(kind << 4) | (size & 15)])
    size >>= 4
    while size:
        head[-1] |= 0x80
        head.append(size & 0x7F)
        size >>= 7
    return bytes(head) + bytes.fromhex(base) + zlib.compress(data, 1)


def with_pack(raw: Raw, entries: dict[str, bytes]) -> None:
    """Adds a pack of these entries, by the ids that its index gives them."""
    parts, offsets, length = [b"PACK" + struct.pack(">II", 2, len(entries))], {}, 12
    for oid, data in entries.items():
        offsets[oid] = length
        parts.append(data)
        length += len(data)
    body = b"".join(parts)
    body += sha1(body).digest()
    oids = sorted(entries)
    fan = b"".join(struct.pack(">I", bisect_right(oids, f"{first:02x}g")) for first in range(256))
    index = b"\xfftOc" + struct.pack(">I", 2) + fan + b"".join(map(bytes.fromhex, oids)) + bytes(4 * len(oids))
    index += b"".join(struct.pack(">I", offsets[oid]) for oid in oids) + body[-20:]
    folder = raw.git / "objects" / "pack"
    folder.mkdir(exist_ok=True)
    (folder / f"pack-{body[-20:].hex()}.pack").write_bytes(body)
    (folder / f"pack-{body[-20:].hex()}.idx").write_bytes(index + sha1(index).digest())


def delta(base: int, result: int, steps: bytes) -> bytes:
    """The data of a delta: sizes of base and result, and its instructions."""

    def number(value: int) -> bytes:
        made = bytearray()
        while True:
            made.append(value & 0x7F | (0x80 if value > 0x7F else 0))
            value >>= 7
            if not value:
                return bytes(made)

    return number(base) + number(result) + steps


LOST = "ab" * 20
COPY_ALL = b"\xb0\xff\xff"
"""Copy 65,535 bytes from the start of the base."""
MADE = {
    "a blob that says it has 100 GB": {LOST: entry(BLOB, 100_000_000_000, b"x")},
    "a blob that unpacks to 200 MB and says 3": {LOST: entry(BLOB, 3, bytes(200_000_000))},
    "a delta of nothing": {LOST: entry(REF_DELTA, 10, delta(10, 10, COPY_ALL), "ef" * 20)},
    "a delta that makes 10 GB": {
        LOST: entry(REF_DELTA, 30_000, delta(65_535, 10_000_000_000, COPY_ALL * 10_000), "cd" * 20), "cd" * 20: entry(BLOB, 65_535, bytes(65_535)),
    },
    "a kind that there is not": {LOST: entry(5, 3, b"abc")},
    "a commit that is a blob": {LOST: entry(COMMIT, 3, b"abc")},
}  # fmt: skip


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("place", ["file", "directory"])
def test_an_entry_of_a_pack_that_lies(tmp_path: Path, scanned: Scanned, place: str, name: str) -> None:
    raw = Raw(tmp_path / "sick")
    infra = raw.files({"main.tf": HEALTHY["infra/main.tf"]})
    bomb = ("100644", b"bomb.tf", LOST) if place == "file" else ("40000", b"bomb", LOST)
    raw.commit(raw.tree([bomb, ("40000", b"infra", infra)]))
    with_pack(raw, MADE[name])

    def run() -> None:
        one = scanned(raw.path)
        assert "infra" in [unit.path for unit in one.units]
        assert [gap for gap in one.gaps if gap.at.path.startswith("bomb")]

    within(run, memory=300_000_000)


CIRCLES = {
    "a delta of itself": {LOST: entry(REF_DELTA, 10, delta(10, 10, COPY_ALL), LOST)},
    "deltas of each other": {
        LOST: entry(REF_DELTA, 10, delta(10, 10, COPY_ALL), "cd" * 20), "cd" * 20: entry(REF_DELTA, 10, delta(10, 10, COPY_ALL), LOST),
    },
}  # fmt: skip


@pytest.mark.parametrize("name", CIRCLES)
def test_deltas_in_a_circle(tmp_path: Path, scanned: Scanned, name: str) -> None:
    """Which libgit2 follows for ever, inside one call; git never writes one, nor does a fetch let one in."""
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.tree([("100644", b"bomb.tf", LOST), ("40000", b"infra", raw.files({"main.tf": HEALTHY["infra/main.tf"]}))]))
    with_pack(raw, CIRCLES[name])
    sick = scanned(raw.path, ends=True)
    assert not sick.target.read
    assert "within 1 seconds of processor time" in sick.gap("not_read").what


def test_a_chain_of_deltas_without_end(tmp_path: Path, scanned: Scanned) -> None:
    """Ten thousand, each of the one before, for one file."""
    raw = Raw(tmp_path / "sick")
    oids = [f"{number:040x}" for number in range(1, 10_000)]
    chain = {oid: entry(REF_DELTA, 7, delta(65_535, 65_535, COPY_ALL), before) for before, oid in pairwise(oids)}
    with_pack(raw, {oids[0]: entry(BLOB, 65_535, b"#" * 65_535), **chain})
    infra = raw.files({"main.tf": HEALTHY["infra/main.tf"]})
    raw.commit(raw.tree([("100644", b"bomb.tf", oids[-1]), ("40000", b"infra", infra)]))
    within(lambda: "infra" in [unit.path for unit in scanned(raw.path).units] or pytest.fail("infra is not seen"), memory=500_000_000)
