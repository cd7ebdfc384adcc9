"""The files of one commit as evidence readers see them."""

from __future__ import annotations

from pathlib import Path

from assess.collect.git.libgit2 import git
from assess.collect.git.repository import Repository
from assess.model.gap import Gap


class CommitTree:
    """A repository's files at the commit that was scanned; read from the object database, symlinks left out."""

    def __init__(self, path: Path, label: str, commit: str) -> None:
        self._repository = Repository(path, label, commit)
        self._entries = {entry.path: entry for entry in self._repository.inventory().files}
        self.paths = tuple(self._entries)
        self.default_branch = _default_branch(path)

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None where it is absent or over the cap."""
        entry = self._entries.get(path)
        content = self._repository.blob(entry) if entry else None
        return None if isinstance(content, Gap) else content


def _default_branch(path: Path) -> str:
    """What the remote calls its default; a bare clone's HEAD; a checked-out main or master. Empty: not known.

    Source: `git clone` sets refs/remotes/origin/HEAD (https://git-scm.com/docs/git-remote, set-head).
    """
    repository = git().Repository(str(path), git().enums.RepositoryOpenFlag.NO_SEARCH)
    if "refs/remotes/origin/HEAD" in repository.references:
        target = repository.references["refs/remotes/origin/HEAD"].target
        if isinstance(target, str):
            return target.removeprefix("refs/remotes/origin/")
    if repository.head_is_unborn or repository.head_is_detached:
        return ""
    head = str(repository.head.shorthand)
    return head if repository.is_bare or head in ("main", "master") else ""
