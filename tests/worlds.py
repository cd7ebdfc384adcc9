"""Worlds for tests: repositories made from `{path: text}`, with pygit2 and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pygit2

WHEN = 1_760_000_000
"""2025-10-09T08:53:20Z, in seconds: the default time of a commit."""


def commit(
    path: Path, files: Mapping[str, str | bytes], *, remote: str = "", message: str = "a change", when: int = WHEN, branch: str = "main"
) -> Path:
    """The repository at `path` (made bare where there is none) with one more commit holding exactly these files."""
    fresh = not path.exists()
    repository = pygit2.init_repository(str(path), bare=True, initial_head=branch) if fresh else pygit2.Repository(str(path))
    if remote and "origin" not in {r.name for r in repository.remotes}:
        repository.remotes.create("origin", remote)
    index = pygit2.Index()
    for name, text in files.items():
        oid = repository.create_blob(text.encode() if isinstance(text, str) else text)
        index.add(pygit2.IndexEntry(name, oid, pygit2.enums.FileMode.BLOB))
    author = pygit2.Signature("Robin Vale", "robin@example.org", when, 0)
    parents = [] if repository.head_is_unborn else [repository.head.target]
    repository.create_commit(f"refs/heads/{branch}", author, author, message, index.write_tree(repository), parents)
    return path
