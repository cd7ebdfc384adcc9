"""The files of a commit by path, found one directory at a time: what is asked for costs, not what is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from posixpath import basename, dirname

from assess.collect.git.libgit2 import git
from assess.collect.git.repository import NO_FILE, TREE, Entry, Inventory, Repository

Rows = Mapping[str, tuple[bytes, bytes]]
"""Name -> mode and object id."""


class Paths(Mapping[str, Entry]):
    """Every file of a commit, by path. Going through them, or counting them, reads all of its directories."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._rows: dict[str, Rows] = {}

    @cached_property
    def inventory(self) -> Inventory:
        """All of it."""
        return self._repository.inventory()

    @cached_property
    def _all(self) -> Mapping[str, Entry]:
        return {entry.path: entry for entry in self.inventory.files}

    def __getitem__(self, path: str) -> Entry:
        if "_all" in self.__dict__:
            return self._all[path]
        mode, oid = self.rows(dirname(path))[basename(path)]
        if mode in TREE or mode in NO_FILE:
            raise KeyError(path)
        return Entry(path, oid, mode == b"100755")

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def files(self, directory: str) -> Iterator[Entry]:
        """The files directly in a directory, in order."""
        for name, (mode, oid) in self.rows(directory).items():
            if mode not in TREE and mode not in NO_FILE:
                yield Entry(f"{directory}/{name}" if directory else name, oid, mode == b"100755")

    def folders(self, directory: str) -> Iterator[str]:
        """The directories directly in a directory, in order."""
        for name, (mode, _) in self.rows(directory).items():
            if mode in TREE:
                yield f"{directory}/{name}" if directory else name

    def is_folder(self, path: str) -> bool:
        """Whether a directory is there."""
        return self.rows(dirname(path)).get(basename(path), (b"", b""))[0] in TREE

    def rows(self, directory: str) -> Rows:
        """What lies directly in a directory; nothing where it is not there, or cannot be read."""
        if directory not in self._rows:
            self._rows[directory] = dict(self._read(directory))
        return self._rows[directory]

    def _read(self, directory: str) -> Iterator[tuple[str, tuple[bytes, bytes]]]:
        tree = self._repository.tree
        if directory:
            mode, tree = self.rows(dirname(directory)).get(basename(directory), (b"", b""))
            if mode not in TREE:
                return
        try:
            found = self._repository.rows(tree)
        except (KeyError, git().GitError):
            return
        yield from ((name.decode("utf-8", "backslashreplace"), (mode, oid)) for mode, name, oid in found if mode)
