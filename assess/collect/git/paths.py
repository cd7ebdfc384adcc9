"""Paths as commands write them, relative to the repository."""

from __future__ import annotations

from posixpath import normpath


def join(where: str, path: str) -> str:
    """A path relative to the repository; expressions stay as they are written."""
    path = path.strip("\"'")
    for root in ("$GITHUB_WORKSPACE", "${GITHUB_WORKSPACE}", "${{ github.workspace }}", "$CI_PROJECT_DIR", "${CI_PROJECT_DIR}",
                 "$(pwd)", "$PWD", "${PWD}"):  # fmt: skip
        if path.startswith(root):
            base = "." if "PWD" not in root.upper() else where
            return _inside(f"{base}/{path[len(root) :].lstrip('/')}")
    if path.startswith(("/", "~", "$", "`")) and not path.startswith("$*"):
        return path
    return _inside(f"{where}/{path}")


def _inside(path: str) -> str:
    normal = normpath(path).lstrip("/")
    while normal.startswith("../"):
        normal = normal[3:]
    return normal if normal not in ("", "..") else "."


def onto(where: str, path: str) -> str:
    """A path relative to the repository, as `join` gives it; before one that begins with an expression, and a NUL, what it
    is relative to if it is relative at all: only its value tells.
    """
    joined = join(where, path)
    return f"{where.replace(_OPEN, '/')}{_OPEN}{joined}" if joined[0] in "$`{" and where != "." and path.strip("\"'") == joined else joined


def shown(path: str) -> str:
    """A path of `onto` as commands write it."""
    return path.rpartition(_OPEN)[2]


def written(path: str) -> str:
    """A path of `onto` as `Command.written` has it."""
    return path.replace(_OPEN, "//") if "$" in path else ""


_OPEN = "\0"
