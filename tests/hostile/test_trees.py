"""Trees with odd names, links, submodules, depth and size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assess.collect.git.repository import MAX_BLOB, MAX_PATH_DEPTH
from tests.hostile.conftest import HEALTHY, Beside
from tests.hostile.raw import FILE, LINK, PROGRAM, SUBMODULE, TREE, Raw

Scanned = Callable[..., Beside]
ROOT = HEALTHY["infra/main.tf"].encode()
NAMES = [
    b"\xff\xfe", b"caf\xe9", "café".encode(), b"new\nline", b"\x1b[31mred\x1b[0m", b"\x07bell", b"tab\t", b"back\\slash", b"quote\"'", b" ",
    b"-rf", b"--help", b"$(touch x)", b"`x`", b"a;b", b"{{ x }}", b"%s%n", b"..", b".", b".git", b"CON", b"a:b", b"\xe2\x80\xae",
    "😀".encode(), b"x" * 4000, "\u2066a\u2069".encode(), "\u200fx".encode(), b"\xc2\x9b31m", "\u2028line".encode(), "\u061c".encode(), "\ufeffx".encode(),
    b"cr\rx", b"\x7f", b"...", b".git ", b".GIT", b"git~1", b"Infra", b"INFRA", b"a" * 70_000, b"\xed\xa0\x80", b"~", b"$HOME", b"*", b"?", b"[a]", b"<script>alert(1)</script>", b"=cmd|x", b"::error::x", b"[bold]x[/bold]", b"[/]", b"|a|b|",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=lambda name: repr(name[:12]))
def test_an_odd_directory_name(tmp_path: Path, scanned: Scanned, name: bytes) -> None:
    raw = Raw(tmp_path / "sick")
    inside = raw.tree([(FILE, b"main.tf", raw.blob(ROOT))])
    raw.commit(raw.tree([(TREE, name, inside), (TREE, b"infra", raw.files({"main.tf": ROOT}))]))
    sick = scanned(raw.path)
    assert "infra" in [unit.path for unit in sick.units]
    assert sick.target.read


@pytest.mark.parametrize("name", [b"a/b.tf", b"../../../../etc/passwd.tf", b"/etc/x.tf"])
def test_names_with_slashes(tmp_path: Path, scanned: Scanned, name: bytes) -> None:
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.tree([(FILE, name, raw.blob(ROOT)), (TREE, b"infra", raw.files({"main.tf": ROOT}))]))
    assert "infra" in [unit.path for unit in scanned(raw.path).units]


def test_the_same_name_twice(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    inside = raw.files({"main.tf": ROOT})
    raw.commit(raw.tree([(TREE, b"infra", inside), (TREE, b"infra", inside), (FILE, b"infra", raw.blob(b"x"))]))
    assert {unit.path for unit in scanned(raw.path).units} == {"infra"}


def test_links_are_not_followed(tmp_path: Path, scanned: Scanned) -> None:
    """To a secret outside, to itself, to a directory, and dangling: none is read, none loops."""
    secret = tmp_path / "secret.tf"
    secret.write_text('resource "aws_secret" "leaked" {}\n')
    raw = Raw(tmp_path / "sick")
    links = [(b"a.tf", str(secret).encode()), (b"b", b"b"), (b"c", b"infra"), (b"d.tf", b"../../x"), (b"e.tf", b"\0"), (b"f.yml", b"")]
    raw.commit(raw.tree([*((LINK, name, raw.blob(to)) for name, to in links), (TREE, b"infra", raw.files({"main.tf": ROOT}))]))
    sick = scanned(raw.path)
    assert [unit.path for unit in sick.units] == ["infra"]
    assert "aws_secret" not in repr(sick.assessment)


def test_a_work_tree_with_links_reads_the_commit_only(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick", bare=False)
    raw.commit(raw.files({"infra/main.tf": ROOT}))
    (raw.path / "loop").symlink_to(raw.path)
    (raw.path / "extra.tf").write_text('resource "aws_uncommitted" "x" {}\n')
    sick = scanned(raw.path)
    assert [unit.path for unit in sick.units] == ["infra"]
    assert "aws_uncommitted" not in repr(sick.assessment)


def test_seventy_submodules(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    rows = [(SUBMODULE, f"module-{number:02}".encode(), f"{number:040x}") for number in range(1, 71)]
    raw.commit(raw.tree([(TREE, b"infra", raw.files({"main.tf": ROOT})), *rows]))
    sick = scanned(raw.path)
    assert len([gap for gap in sick.gaps if gap.reason == "submodule"]) == 70
    assert sick.gap("submodule", "module-70").settle
    assert [unit.path for unit in sick.units] == ["infra"]


def test_a_file_over_the_cap(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.files({"infra/main.tf": ROOT, "infra/huge.tf": b"#" * (MAX_BLOB + 1)}))
    sick = scanned(raw.path)
    assert str(MAX_BLOB) in sick.gap("too_large", "infra/huge.tf").what
    assert [unit.path for unit in sick.units] == ["infra"]


def test_a_hundred_megabytes_in_one_line(tmp_path: Path, scanned: Scanned) -> None:
    """A few kilobytes on disk that unpack to 100 MB: told by its size, never unpacked."""
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.files({"infra/main.tf": ROOT, "deploy.yaml": b"a" * 100_000_000}))
    assert "100000000 bytes" in scanned(raw.path).gap("too_large", "deploy.yaml").what


EVERY_SORT = (
    "x.yaml", "x.tf", "x.sh", "x.md", "Jenkinsfile", "Makefile", "x.json", "Dockerfile", "x.py", "x.ps1", "x.rego", "values.yaml", "x.hcl", "x.nix",
    "x.bicep", "x.pp", "x.cue", "charts/a/templates/x.yaml", "tool", ".github/workflows/x.yml", ".gitlab-ci.yml", "helmfile.yaml", "x.sls", "x.rb",
)  # fmt: skip


@pytest.mark.parametrize(
    "unit", ["a", " ", "\n", "\t", "- ", "{{ ", "(", "a: ", '"', "# ", "<<", "$(", "| ", "\\\n", "1. click ", "{% if %}", "*a "], ids=repr
)
def test_just_under_the_cap(tmp_path: Path, scanned: Scanned, unit: str) -> None:
    """Nothing that reads text takes more than linear time for it: no pattern backtracks over megabytes."""
    raw = Raw(tmp_path / "sick")
    content = unit * (MAX_BLOB // 40 // len(unit))
    raw.commit(raw.files({"infra/main.tf": ROOT, **dict.fromkeys(EVERY_SORT, content)}))
    assert "infra" in [unit.path for unit in scanned(raw.path).units]


def test_directories_nested_deeper_than_the_cap(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    deep = raw.files({"main.tf": ROOT})
    for _ in range(3 * MAX_PATH_DEPTH):
        deep = raw.tree([(TREE, b"d", deep)])
    raw.commit(raw.tree([(TREE, b"deep", deep), (TREE, b"infra", raw.files({"main.tf": ROOT}))]))
    sick = scanned(raw.path)
    assert sick.gap("truncated").what
    assert "infra" in [unit.path for unit in sick.units]


def test_a_tree_bomb(tmp_path: Path, scanned: Scanned, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten trees that each hold the next ten times: ten objects, 10^10 files. The cap of entries ends it, here a lower one."""
    monkeypatch.setattr("assess.collect.git.repository.MAX_ENTRIES", 20_000)
    raw = Raw(tmp_path / "sick")
    tree = raw.files({"a.txt": b"x"})
    for _ in range(10):
        tree = raw.tree([(TREE, f"d{number}".encode(), tree) for number in range(10)])
    raw.commit(raw.tree([(TREE, b"bomb", tree), (TREE, b"infra", raw.files({"main.tf": ROOT}))]))
    assert scanned(raw.path).gap("truncated")


def test_a_bomb_of_empty_trees(tmp_path: Path, scanned: Scanned, monkeypatch: pytest.MonkeyPatch) -> None:
    """As above, without a single file: directories count as well."""
    monkeypatch.setattr("assess.collect.git.repository.MAX_ENTRIES", 20_000)
    raw = Raw(tmp_path / "sick")
    tree = raw.tree([])
    for _ in range(10):
        tree = raw.tree([(TREE, f"d{number}".encode(), tree) for number in range(10)])
    raw.commit(raw.tree([(TREE, b"bomb", tree), (TREE, b"infra", raw.files({"main.tf": ROOT}))]))
    assert scanned(raw.path).gap("truncated")


def test_twenty_thousand_files(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    blob = raw.blob(b"key: value\n")
    folder = raw.tree([(FILE, f"f{number:03}.yaml".encode(), blob) for number in range(200)])
    rows = [(TREE, f"d{number:03}".encode(), folder) for number in range(100)]
    raw.commit(raw.tree([*rows, (TREE, b"infra", raw.files({"main.tf": ROOT}))]))
    sick = scanned(raw.path)
    assert [unit.path for unit in sick.units] == ["infra"]
    assert not sick.gaps


def test_programs_without_a_suffix(tmp_path: Path, scanned: Scanned) -> None:
    """Binary files that are executable and have no suffix are offered to the script reader."""
    raw = Raw(tmp_path / "sick")
    rows = [
        (PROGRAM, b"tool", raw.blob(b"\x7fELF" + bytes(range(256)) * 50)),
        (PROGRAM, b"bare", raw.blob(b"#!")),
        (PROGRAM, b"nul", raw.blob(b"\0")),
    ]
    raw.commit(raw.tree([*rows, (TREE, b"infra", raw.files({"main.tf": ROOT}))]))
    assert [unit.path for unit in scanned(raw.path).units] == ["infra"]
