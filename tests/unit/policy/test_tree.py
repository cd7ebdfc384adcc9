"""A tree that looks at what is asked for only says what one that looks at everything says."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pygit2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assess.collect.git.repository import Repository
from assess.policy.gate.change import change
from assess.policy.tree import Tree
from assess.spec.estate import Estate
from tests.worlds import commit

FOLDERS = (
    "test", "test-eu", "prod", "prod-eu", "envs", "src", "main", "java", "examples", "api-examples", "charts", "ci", "template", "content",
    "skeleton", "docs", "vendor", "infra", "{{name}}", "archive", ".github", "a",
)  # fmt: skip
FILES = ("main.tf", "a.yaml", "Chart.yaml", "template.yaml", "cookiecutter.json", "README.md", "go.mod", "x.go", "${x}.tf")
PATHS = st.builds(lambda folders, file: "/".join([*folders, file]), st.lists(st.sampled_from(FOLDERS), max_size=4), st.sampled_from(FILES))


def whole(paths: set[str]) -> dict[str, str | bytes]:
    """Files of these paths, without those whose directory is a file too."""
    above = {"/".join(path.split("/")[:depth]) for path in paths for depth in range(1, path.count("/") + 1)}
    return {path: path for path in sorted(paths) if path not in above}


@contextmanager
def folder() -> Iterator[Path]:
    """A directory for one example."""
    with tempfile.TemporaryDirectory() as place:
        yield Path(place)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(PATHS, min_size=1, max_size=12), st.sampled_from(["", "shop/test", "shop/infra"]))
def test_a_file_counts_whether_or_not_all_others_are_looked_at(paths: set[str], named: str) -> None:
    files = whole(paths)
    estate = Estate.model_validate({"use": [named]}) if named else Estate()
    with folder() as place:
        repository = Repository(commit(place / "shop", files), "shop")
        every, near = Tree(repository, estate=estate), Tree(repository, frozenset(files), estate=estate)
        assert {path: near.counts(path) for path in files} == {path: every.counts(path) for path in files}
        assert [near.entries.get(path) for path in files] == [every.entries.get(path) for path in files]
        assert {path for path in files if f"{path}/x" in near.entries or path.rpartition("/")[0] in near.entries} == set()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(PATHS, min_size=1, max_size=8), st.sets(PATHS, min_size=1, max_size=8), st.sets(PATHS, max_size=3))
def test_what_differs_is_what_libgit2_says(one: set[str], other: set[str], edited: set[str]) -> None:
    before = whole(one)
    after = {path: f"{text!s} edited" if path in edited else text for path, text in whole(other | edited).items()}
    with folder() as place:
        path = commit(place / "shop", before)
        commit(path, after)
        repository = pygit2.Repository(str(path))
        diff = repository.revparse_single("HEAD~1").tree.diff_to_tree(repository.revparse_single("HEAD").tree)
        assert change(path, "HEAD~1", "HEAD").touched == {file.path for delta in diff.deltas for file in (delta.old_file, delta.new_file)}


def test_a_directory_that_becomes_a_file_and_links_are_told(tmp_path: Path) -> None:
    path = commit(tmp_path / "shop", {"a/b.tf": "1", "c": "2", "d": "3"})
    repository = pygit2.Repository(str(path))
    index, mode = pygit2.Index(), pygit2.enums.FileMode
    for name, kind in {"a": mode.BLOB, "c/d/e.tf": mode.BLOB, "d": mode.LINK}.items():
        index.add(pygit2.IndexEntry(name, repository.create_blob(name.encode()), kind))
    author = pygit2.Signature("Robin Vale", "robin@example.org", 1_760_000_000, 0)
    repository.create_commit("refs/heads/main", author, author, "turned", index.write_tree(repository), [repository.head.target])
    seen = change(path, "HEAD~1", "HEAD")
    assert seen.touched == {"a", "a/b.tf", "c", "c/d/e.tf", "d"}
    assert (seen.before.links, seen.after.links) == (frozenset(), {"d"})
    assert (seen.before.gaps, seen.after.gaps) == ((), ())
    assert [path in seen.after.entries for path in ("a", "a/b.tf", "c/d/e.tf", "d", "c", "")] == [True, False, True, False, False, False]


def test_what_lies_too_deep_is_a_gap_of_the_change_that_touches_it(tmp_path: Path) -> None:
    deep = "d/" * 105 + "main.tf"
    path = commit(tmp_path / "shop", {"a.tf": ""})
    commit(path, {"a.tf": "", deep: ""})
    commit(path, {"a.tf": "edited", deep: ""})
    assert [gap.at.path.count("d") for gap in change(path, "HEAD~2", "HEAD~1").after.gaps] == [101]
    assert change(path, "HEAD~1", "HEAD").after.gaps == ()


def test_what_a_change_costs_follows_the_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Directories that it does not touch, and that do not lie beside what it touches, are not read."""
    files: dict[str, str | bytes] = {f"services/s{number}/deep/main.tf": "" for number in range(200)}
    path = commit(tmp_path / "shop", files)
    commit(path, {**files, "services/s7/deep/main.tf": "edited"})
    read: list[bytes] = []
    real = Repository.rows
    monkeypatch.setattr(Repository, "rows", lambda self, tree: read.append(tree) or real(self, tree))
    seen = change(path, "HEAD~1", "HEAD")
    assert seen.after.counts("services/s7/deep/main.tf")
    assert [entry.path for entry in seen.after.asked()] == ["services/s7/deep/main.tf"]
    assert len(read) <= 16
