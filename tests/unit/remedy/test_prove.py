"""The overlay borrows the target's objects and writes none of its own there; a proof that does not hold says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pygit2
import pytest

from assess.collect.collector import collect, collect_one
from assess.collect.git.collector import collect_repository
from assess.collect.link.estate import link
from assess.model.assessment import Assessment
from assess.model.target import Source, Target
from assess.remedy.library import Library, load_library
from assess.remedy.plan import World, plan
from assess.remedy.prove import Proof, overlay, prove
from assess.remedy.render import render
from assess.remedy.tree import CommitTree
from assess.request import Named, Request
from assess.run import assess
from tests.worlds import commit

TF = 'terraform {\n  backend "s3" {\n    bucket = "b"\n    key = "k"\n  }\n}\nresource "aws_vpc" "v" {}\n'
FILES = {"infra/main.tf": TF, "infra/deep/note.txt": "n", ".idp/manifest.json": "{}"}
LAID = {".github/workflows/a.yml": b"on: push\n", "infra/deep/more.txt": b"m", "top.txt": b"t"}


def read(repository: Path) -> dict[str, bytes]:
    """Every file of HEAD."""
    opened = pygit2.Repository(str(repository))
    index = pygit2.Index()
    index.read_tree(opened.head.peel(pygit2.Commit).tree)
    return {entry.path: opened[entry.id].data for entry in index}


def digests(directory: Path) -> dict[str, str]:
    return {str(p): sha256(p.read_bytes()).hexdigest() for p in sorted(directory.rglob("*")) if p.is_file()}


def target_of(repository: Path) -> Target:
    return collect_repository(repository, "shop").target


@pytest.mark.parametrize("kind", ["bare", "clone", "linked work tree"])
def test_the_overlay_is_the_commit_with_the_files_and_the_target_keeps_every_byte(tmp_path: Path, kind: str) -> None:
    source = commit(tmp_path / "origin", FILES, remote="https://github.com/example/shop.git")
    opened = pygit2.Repository(str(source))
    opened.references.create("refs/tags/v1.0.0", opened.head.target)
    if kind == "clone":
        source = Path(pygit2.clone_repository(str(source), str(tmp_path / "clone")).workdir)
    elif kind == "linked work tree":
        opened.add_worktree("linked", str(tmp_path / "linked"))
        source = tmp_path / "linked"
    there, target = digests(tmp_path), target_of(source)
    copy = overlay(source, target, LAID, tmp_path / "copy.git")
    assert {path: digest for path, digest in digests(tmp_path).items() if "copy.git" not in path} == there
    expected = {path: text.encode() for path, text in FILES.items() if not path.startswith(".idp/")} | LAID
    assert read(copy) == expected
    made = pygit2.Repository(str(copy))
    assert "refs/tags/v1.0.0" in list(made.references)
    assert [str(parent) for parent in made.head.peel(pygit2.Commit).parent_ids] == [target.commit]
    assert target_of(copy).remote == target.remote


def test_a_file_takes_the_place_of_one_with_the_same_path(tmp_path: Path) -> None:
    source = commit(tmp_path / "origin", FILES)
    copy = overlay(source, target_of(source), {"infra/main.tf": b"new"}, tmp_path / "copy.git")
    assert (read(copy)["infra/main.tf"], read(copy)["infra/deep/note.txt"]) == (b"new", b"n")


def proved(repository: Path, library: Library, damage: tuple[str, str] = ("", "")) -> Proof:
    """The proof of the plan for a repository; damage: a text in the rendered files, and what stands there instead."""
    request = Request(targets=(str(repository),))
    seen = collect(request)
    assessment, estate = assess(request, seen), link(seen)
    target = assessment.targets[0]
    world = World(target, estate.units, estate.facts, CommitTree(repository, target.label, target.commit))
    made = plan(assessment, world, library, date(2026, 11, 21))
    files = [replace(f, content=f.content.replace(damage[0].encode(), damage[1].encode())) for f in render(made.steps, library)]

    def rescan(path: Path, label: str) -> Assessment:
        return assess(request, [collect_one(Named(Source.GIT, str(path), label), request)])

    return prove(made, made.steps, files, assessment=assessment, target=target, repository=repository, rescan=rescan)


def test_a_workflow_that_applies_raises_its_unit(tmp_path: Path) -> None:
    proof = proved(commit(tmp_path / "shop", FILES), load_library())
    assert (proof.rises, proof.before, proof.after, proof.troubles) == (True, (2, 2), (3, 3), ())
    assert [(f.rule, f.result) for f in proof.fixed] == [("EXE-001", "met")]


@pytest.mark.parametrize(
    ("damage", "trouble"),
    [
        (("terraform apply", "terraform validate"), ""),
        (('working-directory: "infra"', 'working-directory: "elsewhere"'), ""),
        (("permissions: {}", "permissions: {"), "the rescan cannot read what was rendered"),
    ],
)
def test_a_workflow_that_does_not_apply_the_root_proves_nothing(tmp_path: Path, damage: tuple[str, str], trouble: str) -> None:
    proof = proved(commit(tmp_path / "shop", FILES), load_library(), damage)
    assert not proof.holds
    assert not proof.rises
    assert [fixed.result for fixed in proof.fixed] != ["met"]
    assert any(said.startswith(trouble) for said in proof.troubles) is bool(trouble)


def test_an_old_pin_is_named_in_the_plan(tmp_path: Path) -> None:
    repository = commit(tmp_path / "shop", FILES)
    request = Request(targets=(str(repository),))
    seen = collect(request)
    estate, target = link(seen), seen[0].target
    world = World(target, estate.units, estate.facts, CommitTree(repository, target.label, target.commit))
    made = plan(assess(request, seen), world, load_library(), date(2036, 1, 1))
    assert "actions/checkout v7.0.1 was to be reviewed by 2027-02-28" in made.stale
    assert plan(assess(request, seen), world, load_library(), date(2026, 11, 21)).stale == ()
