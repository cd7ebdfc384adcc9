"""Which base a pipeline means, over repositories made here in the shapes that CI systems check out."""

from __future__ import annotations

import json
from pathlib import Path

import pygit2
import pytest

from assess.errors import UsageError
from assess.gate import gate
from assess.policy.gate.pipeline import meant
from assess.policy.gate.result import State
from tests.worlds import commit

PLACE = ".github/workflows/deploy.yml"
JOB = "    runs-on: ubuntu-24.04\n    steps:\n      - run: terraform apply\n"
OPEN, SAFE = f"on: push\njobs:\n  apply:\n{JOB}", f"on: push\njobs:\n  apply:\n    environment: production\n{JOB}"


class World:
    """main: A, then M. feature: F on A. The head is the merge of F into M, as a forge makes it."""

    def __init__(self, path: Path) -> None:
        self.path = commit(path, {PLACE: SAFE, "a": "1"})
        self.repository = pygit2.Repository(str(path))
        self.left = str(self.repository.head.target)
        self.feature = self._branch("feature", self.left, {PLACE: SAFE, "a": "1", "f.yml": "f"})
        self.main = self._branch("main", self.left, {PLACE: SAFE, "a": "2"})
        self.merged = self.merge(self.main, self.feature, {PLACE: SAFE, "a": "2", "f.yml": "f"})

    def _branch(self, name: str, start: str, files: dict[str, str]) -> str:
        if name not in self.repository.branches.local:
            self.repository.create_branch(name, self.repository[start])  # type: ignore[arg-type]
        self.repository.set_head(f"refs/heads/{name}")
        commit(self.path, files, branch=name)
        return str(self.repository.branches.local[name].target)

    def merge(self, into: str, other: str, files: dict[str, str]) -> str:
        """A merge commit without a branch, checked out."""
        index = pygit2.Index()
        for name, text in files.items():
            index.add(pygit2.IndexEntry(name, self.repository.create_blob(text.encode()), pygit2.enums.FileMode.BLOB))
        author = pygit2.Signature("Robin Vale", "robin@example.org", 1_760_000_000, 0)
        made = self.repository.create_commit(None, author, author, "merge", index.write_tree(self.repository), [into, other])
        self.repository.set_head(made)
        return str(made)

    def origin(self, name: str, target: str) -> None:
        """A branch as the clone knows it of its origin."""
        self.repository.references.create(f"refs/remotes/origin/{name}", target, force=True)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """The repository."""
    return World(tmp_path / "shop")


def pull_request(sha: str, ref: str = "refs/pull/7/merge") -> dict[str, str]:
    """The variables of a pull request's run."""
    return {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main", "GITHUB_SHA": sha, "GITHUB_REF": ref}


def test_a_pull_request_of_github_is_its_merge_whose_first_parent_is_the_base(world: World) -> None:
    environ = pull_request(world.merged)
    found = meant(environ, world.path, "HEAD")
    assert found.base == world.main
    assert world.main[:12] in found.because
    result = gate(world.path, found.base, "HEAD", engines=("rego",))
    assert (result.base, result.touched) == (world.main, 1), "what main did meanwhile is not the change's"


def test_another_commit_of_a_pull_request_is_compared_with_the_branch(world: World) -> None:
    environ = pull_request(world.merged)
    assert meant(environ, world.path, "feature").base == "origin/main"
    world.origin("main", world.main)
    result = gate(world.path, "origin/main", "feature", engines=("rego",))
    assert (result.base, result.touched) == (world.left, 1)


def test_a_merge_of_main_into_the_branch_is_none_of_a_forge(world: World) -> None:
    """Its first parent is the author's: whoever merges can make that anything."""
    mine = world.merge(world.feature, world.main, {PLACE: OPEN, "a": "2", "f.yml": "f"})
    environ = pull_request(world.merged)
    assert meant(environ, world.path, mine).base == "origin/main"


@pytest.mark.parametrize(
    "ref", ["refs/pull/7/head", "", "refs/heads/7/merge", "refs/pull/x/merge", "refs/pull/7/merge/x", "refs/pull/7/merge\n"]
)
def test_a_merge_that_the_forge_checks_out_as_the_pull_requests_own_is_no_base(world: World, ref: str) -> None:
    """Gitea's GITHUB_SHA is the head that the author pushed: its first parent is as good as the author wants."""
    mine = world.merge(world.feature, world.main, {PLACE: OPEN, "a": "2", "f.yml": "f"})
    assert meant(pull_request(mine, ref), world.path, "HEAD").base == "origin/main"


def test_pull_request_target_says_the_branch(world: World) -> None:
    environ = {**pull_request(world.merged), "GITHUB_EVENT_NAME": "pull_request_target"}
    assert meant(environ, world.path, "HEAD").base == "origin/main"


def test_a_merge_queue_stacks_changes_and_each_is_judged_by_what_it_adds(world: World, tmp_path: Path) -> None:
    """The group below makes the workflow open; the one above adds a file, and is not held to account for it."""
    below = world.merge(world.main, world.feature, {PLACE: OPEN, "a": "2", "f.yml": "f"})
    above = world.merge(below, world.feature, {PLACE: OPEN, "a": "2", "f.yml": "f", "g.yml": "g"})
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"merge_group": {"base_sha": below, "head_sha": above, "base_ref": "refs/heads/main"}}))
    environ = {"GITHUB_EVENT_NAME": "merge_group", "GITHUB_SHA": above, "GITHUB_EVENT_PATH": str(event)}
    found = meant(environ, world.path, "HEAD")
    assert found.base == below
    result = gate(world.path, found.base, "HEAD", engines=("rego",))
    assert (result.touched, result.of(State.NEW)) == (1, ())
    assert [int(code) for code in gate(world.path, world.main, below, engines=("rego",)).exit_codes] == [1]


@pytest.mark.parametrize("text", ["", "[]", '{"merge_group": {}}', '{"merge_group": null}', '{"merge_group": {"base_sha": 7}}', "{"])
def test_an_event_that_does_not_say_its_base_is_usage(world: World, tmp_path: Path, text: str) -> None:
    (tmp_path / "event.json").write_text(text)
    for path in (tmp_path / "event.json", tmp_path, tmp_path / "none"):
        with pytest.raises(UsageError, match="merge queue does not say its base"):
            meant({"GITHUB_EVENT_NAME": "merge_group", "GITHUB_EVENT_PATH": str(path)}, world.path, "HEAD")


def test_gitlab_merged_results_and_merge_trains(world: World) -> None:
    environ = {
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_MERGE_REQUEST_DIFF_BASE_SHA": world.left,
        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": world.feature,
    }  # fmt: skip
    assert meant(environ, world.path, "HEAD").base == world.main


def test_gitlab_without_a_merged_result(world: World) -> None:
    environ = {
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_MERGE_REQUEST_DIFF_BASE_SHA": world.left,
        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "",
    }  # fmt: skip
    assert meant(environ, world.path, "feature").base == world.left, "origin/main is not in a runner's clone as a rule"
    world.origin("main", world.main)
    assert meant(environ, world.path, "feature").base == "origin/main", "it is newer than what the merge request remembers"
    assert meant({"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "dev"}, world.path, "feature").base == "origin/dev"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main"),
        ("BITBUCKET_PR_DESTINATION_BRANCH", "main"),
        ("BUILDKITE_PULL_REQUEST_BASE_BRANCH", "main"),
        ("CHANGE_TARGET", "main"),
    ],
)
def test_other_systems_name_the_branch(world: World, name: str, value: str) -> None:
    assert meant({name: value}, world.path, "HEAD").base == "origin/main"


@pytest.mark.parametrize("environ", [{}, {"GITHUB_EVENT_NAME": "push"}, {"GITHUB_EVENT_NAME": "pull_request"}, {"CHANGE_TARGET": ""}])
def test_where_nothing_says_a_base_it_has_to_be_named(world: World, environ: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="no --base"):
        meant(environ, world.path, "HEAD")
