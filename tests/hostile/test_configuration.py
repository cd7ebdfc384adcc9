"""A repository's own configuration and hooks: reading runs none of it, and looks where we said, not where it says."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.conftest import HEALTHY, Beside
from tests.hostile.raw import Raw

Scanned = Callable[..., Beside]


def traps(canary: Path) -> str:
    """Every key by which Git may be made to run a program, or to read somewhere else."""
    run = f"touch {canary}"
    return f"""
[core]
    fsmonitor = {run}
    sshCommand = {run}
    pager = {run}
    editor = {run}
    askPass = {run}
    gitProxy = {run}
    hooksPath = {canary.parent / "hooks"}
    attributesFile = {canary.parent / "attributes"}
    alternateRefsCommand = {run}
[extensions]
    partialClone = origin
[include]
    path = {canary.parent / "more"}
[includeIf "gitdir:**"]
    path = {canary.parent / "more"}
[filter "trap"]
    clean = {run}
    smudge = {run}
    process = {run}
    required = true
[diff]
    external = {run}
[diff "trap"]
    textconv = {run}
    command = {run}
[credential]
    helper = !{run}
[gpg]
    program = {run}
[alias]
    log = !{run}
[uploadpack]
    packObjectsHook = {run}
[remote "origin"]
    url = ext::sh -c "{run}"
    uploadpack = {run}
    promisor = true
    vcs = trap
[url "ext::sh -c '{run}'"]
    insteadOf = https://
[protocol "ext"]
    allow = always
[submodule "x"]
    update = !{run}
[transfer]
    credentialsInUrl = die
"""


def armed(path: Path, canary: Path, *, bare: bool, extra: str = "") -> Raw:
    """A repository with every trap set; its files ask for the filters as well."""
    raw = Raw(path, bare=bare)
    raw.commit(
        raw.files(
            {
                **HEALTHY,
                ".gitattributes": "* filter=trap diff=trap text=auto eol=crlf working-tree-encoding=UTF-16\n",
                ".lfsconfig": "[lfs]\n",
            }
        )
    )
    with (raw.git / "config").open("a") as config:
        config.write(traps(canary) + extra)
    (canary.parent / "more").write_text(f"[core]\n  fsmonitor = touch {canary}\n")
    (canary.parent / "attributes").write_text("* filter=trap\n")
    for hooks in (raw.git / "hooks", canary.parent / "hooks"):
        hooks.mkdir(exist_ok=True)
        for name in (
            "post-checkout",
            "pre-commit",
            "post-index-change",
            "reference-transaction",
            "fsmonitor-watchman",
            "pre-auto-gc",
            "post-merge",
        ):
            (hooks / name).write_text(f"#!/bin/sh\ntouch {canary}\n")
            (hooks / name).chmod(0o755)
    return raw


@pytest.mark.parametrize("bare", [True, False])
def test_nothing_of_the_repository_runs(tmp_path: Path, scanned: Scanned, bare: bool) -> None:
    canary = tmp_path / "ran" / "canary"
    canary.parent.mkdir()
    raw = armed(tmp_path / "sick", canary, bare=bare)
    sick = scanned(raw.path)
    (unit,) = sick.units
    assert unit.declared == (3, 3)
    assert not canary.exists()
    assert "touch" not in repr(sick.target)


def test_the_traps_are_real(tmp_path: Path) -> None:
    """The test above could pass because nothing is armed: Git itself does run what was set."""
    import shutil
    import subprocess

    if not shutil.which("git"):
        pytest.skip("needs git, to show that it would fall for the traps")
    canary = tmp_path / "ran" / "canary"
    canary.parent.mkdir()
    raw = armed(tmp_path / "sick", canary, bare=False)
    subprocess.run(
        ["git", "-C", str(raw.path), "status"], capture_output=True, check=False, env={**os.environ, "GIT_CONFIG_NOSYSTEM": "1"}, timeout=30
    )
    assert canary.exists()


@pytest.mark.parametrize("elsewhere", ["/", "/etc", "..", "relative", "~"])
def test_a_work_tree_elsewhere_is_not_looked_at(tmp_path: Path, scanned: Scanned, elsewhere: str) -> None:
    canary = tmp_path / "ran" / "canary"
    canary.parent.mkdir()
    raw = armed(tmp_path / "sick", canary, bare=False, extra=f"[core]\n  worktree = {elsewhere}\n")
    (unit,) = scanned(raw.path).units
    assert unit.path == "infra"
    assert not canary.exists()


@pytest.mark.parametrize(
    "text", ["[core", "[core]\n  bare = maybe\n", "[core]\n  repositoryformatversion = 99\n", "[extensions]\n  objectformat = sha256\n",
             "[extensions]\n  unknown = true\n", "[include]\n  path = config\n", "\0" * 100, "[" * 10_000, "[core]\n" * 20_000,
             "[remote \"origin\"]\n  url = \n", "[remote \"origin\"]\n  fetch = :::\n", "[remote \"origin\"]\n  url = https://u:p@[::1\n"],
    ids=lambda text: repr(text[:30]),
)  # fmt: skip
def test_a_broken_configuration(tmp_path: Path, scanned: Scanned, text: str) -> None:
    """Read, or not read with the reason; the repository beside it is read either way."""
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.files(HEALTHY))
    with (raw.git / "config").open("a") as config:
        config.write(text)
    sick = scanned(raw.path)
    if sick.target.read:
        assert [unit.path for unit in sick.units] == ["infra"]
    else:
        assert sick.gap("not_read").what


def test_credentials_in_an_address_never_leave(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.files(HEALTHY))
    with (raw.git / "config").open("a") as config:
        config.write('[remote "origin"]\n  url = https://robin:hunter2@github.com/acme/shop.git?token=hunter3#hunter4\n')
    sick = scanned(raw.path)
    assert sick.target.remote == "https://github.com/acme/shop.git"
    assert "hunter" not in repr(sick.assessment)


def test_the_environment_does_not_redirect(tmp_path: Path, scanned: Scanned, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.files(HEALTHY))
    other = Raw(tmp_path / "elsewhere")
    other.commit(other.files({"stolen/main.tf": HEALTHY["infra/main.tf"]}))
    monkeypatch.setenv("GIT_DIR", str(other.git))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other.git / "objects"))
    monkeypatch.setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES", str(other.git / "objects"))
    assert [unit.path for unit in scanned(raw.path).units] == ["infra"]
