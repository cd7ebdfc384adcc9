"""Which commit of a clone is meant: by revision, the default branch, or what HEAD leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess.collect.git.libgit2 import git
from assess.errors import IncompleteError
from assess.model.credentials import without_credentials

if TYPE_CHECKING:
    import pygit2


def commit_at(repository: pygit2.Repository, rev: str, where: str) -> pygit2.Commit:
    """The commit of a revision, by default of HEAD. Errors: IncompleteError where there is none."""
    try:
        found: pygit2.Commit = repository.revparse_single(rev or "HEAD").peel(git().Commit)
    except (KeyError, ValueError, MemoryError, git().GitError):
        if rev:
            shown = rev if len(rev) <= 200 else f"{rev[:200]}…"
            raise IncompleteError(f"no commit '{shown}'", where, "Fetch it, or name another --rev.") from None
        return _newest_branch(repository, where)
    return found


def checked_out(repository: pygit2.Repository) -> str:
    """The branch that HEAD is on; empty where it is on none."""
    try:
        return "" if repository.head_is_detached or repository.head_is_unborn else str(repository.head.shorthand)
    except (ValueError, git().GitError):
        return ""


def default_branch(repository: pygit2.Repository, where: str, checked_out: str) -> tuple[pygit2.Commit, str]:
    """The tip and name of the default branch: the one that the server names, where another is checked out; else HEAD."""
    try:
        there = repository.references["refs/remotes/origin/HEAD"].resolve()
        name = there.name.removeprefix("refs/remotes/origin/")
        if checked_out != name:
            found: pygit2.Commit = there.peel(git().Commit)
            return found, name
    except (KeyError, ValueError, git().GitError):
        pass
    return commit_at(repository, "", where), checked_out


def _newest_branch(repository: pygit2.Repository, where: str) -> pygit2.Commit:
    """The tip of the only or the usual default branch, where HEAD leads nowhere."""
    names = [f"refs/heads/{n}" for n in ("main", "master")] + [f"refs/remotes/origin/{n}" for n in ("HEAD", "main", "master")]
    for name in names:
        try:
            found: pygit2.Commit = repository.references[name].peel(git().Commit)
        except (KeyError, MemoryError, git().GitError):
            continue
        return found
    raise IncompleteError("no commit to read: HEAD leads nowhere", where, "Commit something, or name a --rev.")


def remote_of(repository: pygit2.Repository) -> str:
    """The address that the clone came from, without credentials; empty where it has none."""
    try:
        url = repository.remotes["origin"].url
    except (KeyError, git().GitError, ValueError):
        return ""
    return without_credentials(url or "")
