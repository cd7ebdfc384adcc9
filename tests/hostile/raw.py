"""Repositories made object by object, so that they may hold what Git itself would refuse."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from hashlib import sha1
from pathlib import Path

import pygit2

FILE, PROGRAM, LINK, TREE, SUBMODULE = "100644", "100755", "120000", "40000", "160000"
Row = tuple[str, bytes, str]
"""Mode, name, id: one line of a tree."""


class Raw:
    """A bare repository with loose objects only; nothing that is written is checked."""

    def __init__(self, path: Path, *, bare: bool = True) -> None:
        self.path = path
        pygit2.init_repository(str(path), bare=bare, initial_head="main")
        self.git = path if bare else path / ".git"

    def object(self, kind: str, content: bytes) -> str:
        """The id of a new object."""
        data = b"%s %d\0%s" % (kind.encode(), len(content), content)
        oid = sha1(data).hexdigest()
        self.file_of(oid).parent.mkdir(exist_ok=True)
        self.file_of(oid).write_bytes(zlib.compress(data, 1))
        return oid

    def blob(self, content: bytes) -> str:
        """The id of a new blob."""
        return self.object("blob", content)

    def tree(self, rows: Iterable[Row]) -> str:
        """The id of a new tree with these rows, in this order."""
        return self.object("tree", b"".join(b"%s %s\0%s" % (mode.encode(), name, bytes.fromhex(oid)) for mode, name, oid in rows))

    def commit(self, tree: str, *, parent: str = "") -> str:
        """The id of a new commit, which `main` then points to."""
        who = "Robin Vale <robin@example.org> 1760000000 +0000"
        parents = f"parent {parent}\n" if parent else ""
        oid = self.object("commit", f"tree {tree}\n{parents}author {who}\ncommitter {who}\n\na change\n".encode())
        self.point(oid)
        return oid

    def point(self, oid: str, branch: str = "main") -> None:
        """Makes a branch point to a commit."""
        ref = self.git / "refs" / "heads" / branch
        ref.parent.mkdir(parents=True, exist_ok=True)
        ref.write_text(f"{oid}\n")

    def files(self, files: Mapping[bytes | str, bytes | str]) -> str:
        """The id of a tree with these files, nested by the slashes of their names."""
        here: list[Row] = []
        below: dict[bytes, dict[bytes | str, bytes | str]] = {}
        for name, content in files.items():
            first, slash, rest = (name.encode() if isinstance(name, str) else name).partition(b"/")
            if slash:
                below.setdefault(first, {})[rest] = content
            else:
                here.append((FILE, first, self.blob(content.encode() if isinstance(content, str) else content)))
        here += [(TREE, name, self.files(inside)) for name, inside in below.items()]
        return self.tree(sorted(here, key=lambda row: row[1]))

    def file_of(self, oid: str) -> Path:
        """Where a loose object lies."""
        return self.git / "objects" / oid[:2] / oid[2:]

    def lose(self, oid: str) -> None:
        """Deletes an object, as a partial or damaged clone has it."""
        self.file_of(oid).unlink()
