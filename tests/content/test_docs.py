"""What the README and the manual say is so: commands run, options and exit codes exist, links resolve, examples check."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pygit2
import pytest
import typer
import yaml

from assess.authoring import check
from assess.cli import app, main
from assess.errors import EXIT_MEANINGS, ExitCode
from assess.spec.estate import Estate
from assess.spec.strict import read_file
from tests.conftest import ROOT
from tests.integration.test_remediate import WORLD
from tests.worlds import commit

PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "assess" / "README.md", *(ROOT / "docs").rglob("*.md")])
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
README = (ROOT / "README.md").read_text(encoding="utf-8")
WORKFLOW = "on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: pytest\n"


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def commands(text: str) -> list[list[str]]:
    """Every `idp-assess …` that a page names, in an indented block or as code, split into words; comments are left out."""
    lines = re.findall(r"^ {4}(idp-assess .+)$", text, re.M) + re.findall(r"`(idp-assess [^`]+)`", text)
    return [shlex.split(line.partition(" > ")[0], comments=True)[1:] for line in lines]


def unknown(words: list[str]) -> str:
    """Why the command line would refuse these words; empty where it has the command and every option.

    A word in capitals stands for any (`idp-assess COMMAND --help`).
    """
    command: Any = typer.main.get_command(app)
    rest = list(words)
    while rest and getattr(command, "commands", None) and not rest[0].startswith("-"):
        if rest[0].isupper():
            return ""
        if rest[0] not in command.commands:
            return f"no command {rest[0]}"
        command = command.commands[rest.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    return ", ".join(f"no option {word}" for word in rest if word.startswith("-") and word not in known)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_command_that_is_named_exists_with_its_options(page: Path) -> None:
    found = commands(page.read_text(encoding="utf-8"))
    assert not [f"{' '.join(words)}: {why}" for words in found if (why := unknown(words))]


def test_a_command_or_option_that_is_not_there_would_be_found() -> None:
    assert unknown(["scam", "."]) == "no command scam"
    assert unknown(["gate", "--bass", "main"]) == "no option --bass"
    assert unknown(["pack", "chek"]) == "no command chek"
    assert len(commands(README)) > 8


# --- the README, run --------------------------------------------------------------------------------------------


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with `work/shop`, a repository one step below pipelines, which has an `origin/main`; the current directory."""
    path = commit(tmp_path / "work" / "shop", {**WORLD, ".github/workflows/test.yml": WORKFLOW}, remote="https://github.com/acme/shop.git")
    repository = pygit2.Repository(str(path))
    repository.references.create("refs/remotes/origin/main", repository.head.target)
    commit(path, {**WORLD, ".github/workflows/test.yml": WORKFLOW, "NOTES.md": "a change"})
    (path / "plan.json").write_text('{"format_version": "1.2", "resource_changes": []}')
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(path)
    return path


def test_every_command_of_the_readme_runs(shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """In the order of the page, as a person would; `explain ID` stands for any id."""
    for words in commands(README):
        typed = [str(shop.parent) if word == "~/work" else "EXE-001" if word == "ID" else word for word in words]
        if "checkov" in typed or any(re.match(r"https://|github:|gitlab:", word) for word in typed):
            continue  # checkov takes seconds to start; the network has tests of its own, in tests/integration
        monkeypatch.setattr(sys, "argv", ["idp-assess", *typed])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capfd.readouterr()
        assert not ended.value.code, f"{' '.join(words)}: exit {ended.value.code}\n{printed.err}"
        assert printed.out or printed.err, words


def test_the_python_of_the_readme_runs(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = blocks(README, "python")
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out.startswith("2 2\n")


def test_the_estate_file_of_the_readme_loads(tmp_path: Path) -> None:
    (text,) = blocks(README, "yaml")
    file = tmp_path / "idp-assess.yaml"
    file.write_text(text, encoding="utf-8")
    estate = read_file(file, Estate)
    assert (estate.organization, estate.teams[0].name, len(estate.exclude)) == ("Northwind Retail", "payments", 1)


def test_the_exit_codes_of_the_readme_are_those_of_the_code() -> None:
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", README.partition("## Exit codes")[2].partition("\n## ")[0], re.M)
    assert [int(code) for code, _ in rows] == [code.value for code in ExitCode] == [code.value for code in EXIT_MEANINGS]


# --- links and the manual ---------------------------------------------------------------------------------------


def anchor(title: str) -> str:
    """The anchor of a heading, as GitHub and MkDocs make it."""
    return re.sub(r"\s+", "-", re.sub(r"[^\w\s-]", "", title.lower()).strip())


def broken(page: Path) -> Iterator[str]:
    """The links of a page that lead nowhere: a missing file, or a heading that is not there."""
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, heading = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (heading and heading not in map(anchor, re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.M))):
            yield target


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_link_resolves(page: Path) -> None:
    assert list(broken(page)) == []


def test_a_link_that_leads_nowhere_would_be_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One two\n[a](none.md) [b](#one-two) [c](#three) [d](https://example.org)", encoding="utf-8")
    assert list(broken(page)) == ["none.md", "#three"]


def test_every_page_that_the_code_names_is_there() -> None:
    named = {
        name
        for file in (ROOT / "assess").rglob("*.py")
        for name in re.findall(r"\bdocs/[\w/-]+\.md\b(?<!docs/usage.md)", file.read_text(encoding="utf-8"))
    }
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


def test_the_site_holds_every_page_once() -> None:
    site = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    pages = sorted(page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md"))
    assert sorted(_leaves(site["nav"])) == pages


def _leaves(nav: Any) -> Iterator[str]:
    for entry in nav:
        for value in entry.values():
            yield from [value] if isinstance(value, str) else _leaves(value)


# --- the pack in write-a-rule -----------------------------------------------------------------------------------


@pytest.fixture
def pack(tmp_path: Path) -> Callable[[str], Path]:
    """A function that writes the pack of the page, its text first changed by a replacement `old=>new`."""

    def write(change: str = "") -> Path:
        text = (ROOT / "docs" / "write-a-rule.md").read_text(encoding="utf-8")
        old, _, new = change.partition("=>")
        assert old in text
        for block in blocks(text.replace(old, new) if old else text, "yaml"):
            name = block.partition("\n")[0].removeprefix("# ")
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(block, encoding="utf-8")
        return tmp_path / "our-rules"

    return write


def test_the_pack_of_the_page_checks(pack: Callable[[str], Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert check((pack(""),)) == ExitCode.PASSED, capsys.readouterr().err
    told = capsys.readouterr().out
    assert "in 2 pack(s)" in told
    assert "all check" in told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("fact.pinned=>fact.pined", "pinned"),
        ('version = "5.8.1"=>', "examples.good"),
        ("?ref=main=>?ref=v1.2.0", "examples.bad"),
        ("prefixes: [ACME]=>prefixes: [OTHER]", "outside this pack's prefixes"),
    ],
    ids=["field", "good", "bad", "prefix"],
)
def test_a_pack_that_says_otherwise_does_not_check(
    pack: Callable[[str], Path], capsys: pytest.CaptureFixture[str], change: str, told: str
) -> None:
    assert check((pack(change),)) == ExitCode.FAILED
    assert told in capsys.readouterr().err
