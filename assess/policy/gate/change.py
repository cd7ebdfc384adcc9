"""What lies between a base and a head, from git objects alone: no worktree, no index, no filters, no hooks."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from assess.collect.git.libgit2 import git
from assess.collect.git.opened import opened
from assess.collect.git.repository import Repository
from assess.errors import IncompleteError, UsageError
from assess.policy.gate.compare import Moves
from assess.policy.gate.differences import differences, renames
from assess.policy.tree import Tree
from assess.spec.estate import Estate

if TYPE_CHECKING:
    import pygit2


@dataclass(frozen=True)
class Change:
    """Both sides of a change.

    before: the merge base. renamed: old path -> new path, where content says so. tip: the base branch as it is now.
    whole: there is no other side: everything in `after` is asked about.
    """

    before: Tree
    after: Tree
    renamed: dict[str, str]
    tip: Repository
    whole: bool = False

    @property
    def touched(self) -> frozenset[str]:
        """The paths that differ."""
        return self.after.touched or frozenset()

    @property
    def moves(self) -> Moves:
        """The change as comparing findings needs it."""
        return Moves(self.touched, self.renamed, frozenset(path for path in self.touched if path not in self.after.entries))

    def under(self, estate: Estate) -> Change:
        """The same change with both sides read under an estate file: what it leaves out is left out of both."""
        return replace(self, before=replace(self.before, estate=estate), after=replace(self.after, estate=estate))


def change(path: Path, base: str, head: str) -> Change:
    """The change from merge-base(base, head) to head.

    Errors: IncompleteError where a revision is not there or names several commits, the clone is too shallow to hold the
    merge base, or the head is part of the base; UsageError where one names nothing.
    """
    label = path.resolve().name.removesuffix(".git")
    repository = opened(path)
    one_thing(repository, base, path, "--base")
    one_thing(repository, head, path, "--head")
    after = Repository(path, label, head)
    tip = _named(path, label, base, after)
    left = _merge_base(repository, tip, after, base, head)
    if left == str(after.commit.id):  # a pipeline that does not check the change out would be green for ever
        raise IncompleteError(f"{head} is part of {base}: there is no change to judge", str(path), _NO_CHANGE)
    before = Repository(path, label, left, beside=after)
    found = differences(before, after)
    touched, links = frozenset(found.touched), [frozenset(side) for side in found.links]
    return Change(Tree(before, touched, links[0]), Tree(after, touched, links[1]), renames(before, after, found), tip)


def everything(path: Path, head: str, base: str = "") -> Change:
    """All that a commit holds, as if it were new. base: a revision whose settings count; empty: the commit's own do."""
    label = path.resolve().name.removesuffix(".git")
    repository = opened(path)
    one_thing(repository, head, path, "--head")
    if base:
        one_thing(repository, base, path, "--base")
    after = Repository(path, label, head)
    tip = _named(path, label, base, after) if base else after
    return Change(Tree(after, frozenset()), Tree(after), {}, tip, whole=True)


_NO_CHANGE = "Check out the change itself (pull_request_target checks out the base), or judge all there is with --all."
_ALL = "`fetch-depth: 0` of actions/checkout, `GIT_DEPTH: 0` of GitLab CI"


def _named(path: Path, label: str, base: str, after: Repository) -> Repository:
    try:
        return Repository(path, label, base, beside=after)
    except IncompleteError as error:
        fetch = (
            f"In a pipeline, fetch all ({_ALL}); else fetch it first (git fetch origin {quote(base.removeprefix('origin/'))}), or name"
            if base[:1] != "-" and len(base) <= 200
            else "Name"
        )
        raise IncompleteError(error.what, error.where, f"{fetch} another --base.") from None


def one_thing(repository: pygit2.Repository, name: str, path: Path, option: str) -> None:
    """Nothing, where a revision names one commit: whoever may push a tag named as the base would else choose what is compared.

    Source: https://git-scm.com/docs/gitrevisions (the order in which git looks a name up)
    Errors: UsageError where it is empty, as a variable that is not set is; IncompleteError where it is more than one.
    """
    if not name:
        raise UsageError(f"{option} names nothing", fix="Name a branch or commit; is a variable empty?")
    stem = re.split(r"[~^:]|@\{", name)[0]
    if stem.isupper() or stem.startswith("refs/"):
        return
    found: dict[str, str] = {}
    for place in ("refs/", "refs/tags/", "refs/heads/", "refs/remotes/"):
        with suppress(KeyError, ValueError, git().GitError):
            found[place + stem] = str(repository.references[place + stem].peel(git().Commit).id)
    if re.fullmatch(r"[0-9a-f]{40}", stem):
        found[stem] = stem
    if len(set(found.values())) > 1:
        raise IncompleteError(f"{option} is {' and '.join(found)}, and these are not one commit", str(path), "Name one of them in full.")


def _merge_base(repository: pygit2.Repository, tip: Repository, after: Repository, base: str, head: str) -> str:
    try:
        found = repository.merge_base(tip.commit.id, after.commit.id)
    except (KeyError, git().GitError):
        found = None
    if found is not None:
        return str(found)
    if not after.is_shallow:
        fix = "Name the branch that this change will go to."
        raise IncompleteError(f"{base} and {head} have no common ancestor", str(after.path), fix)
    depth = max(_depth(repository, tip), _depth(repository, after))
    raise IncompleteError(
        f"the clone is {depth} commit{'s' if depth != 1 else ''} deep and does not hold the merge base of {base} and {head}",
        str(after.path),
        f"Fetch more: `git fetch --deepen={max(50, 4 * depth)}` until it is found, or all with `git fetch --unshallow` ({_ALL}).",
    )


def _depth(repository: pygit2.Repository, side: Repository) -> int:
    """How many commits of one side the clone holds."""
    seen, waiting = set(), [side.commit.id]
    while waiting:
        commit = waiting.pop()
        if commit not in seen and commit in repository:
            seen.add(commit)
            waiting += repository[commit].peel(git().Commit).parent_ids
    return len(seen)
