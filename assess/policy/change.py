"""What lies between a base and a head, from git objects alone: no worktree, no index, no filters, no hooks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assess.collect.git.repository import Repository, git
from assess.errors import IncompleteError
from assess.policy.compare import Moves
from assess.policy.differences import differences, renames
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

    Errors: IncompleteError where a revision is not there, or the clone is too shallow to hold the merge base.
    """
    label = path.resolve().name.removesuffix(".git")
    after = Repository(path, label, head)
    tip = _named(path, label, base, after)
    repository = git().Repository(str(path), git().enums.RepositoryOpenFlag.NO_SEARCH)
    before = Repository(path, label, _merge_base(repository, tip, after, base, head), beside=after)
    found = differences(before, after)
    touched, links = frozenset(found.touched), [frozenset(side) for side in found.links]
    return Change(Tree(before, touched, links[0]), Tree(after, touched, links[1]), renames(before, after, found), tip)


def everything(path: Path, head: str, base: str = "") -> Change:
    """All that a commit holds, as if it were new. base: a revision whose settings count; empty: the commit's own do."""
    label = path.resolve().name.removesuffix(".git")
    after = Repository(path, label, head)
    tip = _named(path, label, base, after) if base else after
    return Change(Tree(after, frozenset()), Tree(after), {}, tip, whole=True)


def _named(path: Path, label: str, base: str, after: Repository) -> Repository:
    try:
        return Repository(path, label, base, beside=after)
    except IncompleteError as error:
        fetch = f"git fetch origin {base.removeprefix('origin/')}" if base else "name a --base"
        raise IncompleteError(error.what, error.where, f"Fetch it first ({fetch}), or name another --base.") from None


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
        f"Fetch more: `git fetch --deepen={max(50, 4 * depth)}` until it is found, or all with `git fetch --unshallow` "
        "(`fetch-depth: 0` of actions/checkout, `GIT_DEPTH: 0` of GitLab CI).",
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
