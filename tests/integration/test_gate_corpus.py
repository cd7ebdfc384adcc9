"""The regression corpus of shared/notes/compliance.md, through the gate: A12, A17 and A18 stand with what they are about."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pygit2
import pytest

from assess.gate import gate
from assess.policy.gate.result import State
from assess.spec.document import DocumentError, read_yaml
from assess.spec.gate import GATE_FILE, WAIVERS_FILE
from tests.gated import OPEN, PLACE, PROTECTED, Gated, codes, told, waiver
from tests.hostile.test_configuration import traps
from tests.worlds import commit

pytestmark = pytest.mark.usefixtures("one_policy")
BOMB = "".join(
    f"{name}: &{name} [{', '.join([f'*{above}' if above else 'x'] * 9)}]\n"
    for above, name in zip(["", *"abcdefg"], "abcdefgh", strict=True)
)


def linked(path: Path, name: str, to: str) -> None:
    """A commit of what HEAD holds and one symbolic link."""
    repository = pygit2.Repository(str(path))
    index = pygit2.Index()
    index.read_tree(repository.head.peel(pygit2.Tree))
    index.add(pygit2.IndexEntry(name, repository.create_blob(to.encode()), pygit2.enums.FileMode.LINK))
    author = pygit2.Signature("Robin Vale", "robin@example.org", 1_760_000_000, 0)
    repository.create_commit("HEAD", author, author, "link", index.write_tree(repository), [repository.head.target])


@pytest.mark.parametrize("whole", [False, True])
def test_a13_a_link_out_of_the_repository_is_not_followed_and_counts_as_not_seen(tmp_path: Path, whole: bool) -> None:
    (tmp_path / "outside.tf").write_text('resource "aws_s3_bucket" "secret-of-others" {}\n')
    path = commit(tmp_path / "shop", {PLACE: PROTECTED, "main.tf": 'resource "aws_s3_bucket" "b" {}\n'})
    linked(path, "a.tf", "../outside.tf")
    result = gate(path, "HEAD~1", engines=("checkov",), whole=whole)
    assert "secret-of-others" not in repr(result)
    assert (3 in codes(result)) is not whole, "of a change, the link is told; it hides nothing else"


def test_a13_settings_behind_a_link_are_not_read(tmp_path: Path) -> None:
    path = commit(tmp_path / "shop", {PLACE: PROTECTED, "lax.yaml": "rules: [{action: report}]\n"})
    linked(path, GATE_FILE, "../lax.yaml")
    files = {PLACE: OPEN, "lax.yaml": "rules: [{action: report}]\n"}
    commit(path, files)
    with pytest.raises(Exception, match="is a link, not a file") as raised:
        gate(path, "HEAD~1", engines=("rego",), whole=True)
    assert raised.value.exit_code == 2  # type: ignore[attr-defined]
    assert codes(gate(path, "HEAD~1", engines=("rego",))) == [1], "the change takes the link away; until then the defaults hold"


def test_a14_a_bomb_of_aliases_is_refused_at_once() -> None:
    assert len(BOMB) < 400
    took = []
    for _ in range(3):
        start = time.process_time()
        with pytest.raises(DocumentError, match="expands"):
            read_yaml(BOMB.encode())
        took.append(time.process_time() - start)
    assert min(took) < 0.05


@pytest.mark.parametrize("place", [PLACE, WAIVERS_FILE, GATE_FILE, "idp-assess.yaml"])
def test_a14_a_bomb_anywhere_is_no_pass(gated: Gated, place: str) -> None:
    result = gated({PLACE: PROTECTED}, {PLACE: PROTECTED, place: BOMB})
    assert codes(result) == ([3] if place == PLACE else [1])
    assert place == PLACE or ("GATE-002", "block") in told(result)


def test_a15_nothing_that_a_repository_configures_is_run(tmp_path: Path) -> None:
    path = commit(tmp_path / "shop", {PLACE: PROTECTED, GATE_FILE: "ratchet: [level]\n", WAIVERS_FILE: waiver()})
    commit(path, {PLACE: OPEN, GATE_FILE: "ratchet: [level]\n", WAIVERS_FILE: waiver(), ".gitattributes": "* filter=trap diff=trap\n"})
    canary = tmp_path / "canary"
    (path / "config").write_text((path / "config").read_text() + traps(canary))
    for name in ("pre-commit", "post-checkout", "reference-transaction", "fsmonitor-watchman", "post-index-change"):
        for directory in (path / "hooks", tmp_path / "hooks"):
            directory.mkdir(exist_ok=True)
            (directory / name).write_text(f"#!/bin/sh\ntouch {canary}\n")
            os.chmod(directory / name, 0o755)
    assert gate(path, "HEAD~1", engines=("rego",)).of(State.NEW)
    gate(path, whole=True, engines=("rego", "checkov"))
    assert not canary.exists()
