"""Repositories found and opened for reading: as if bare, and only where nothing in them would make reading wait for ever."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assess.collect.git.libgit2 import git
from assess.errors import IncompleteError

if TYPE_CHECKING:
    import pygit2

MAX_SEEN = 500_000
"""Names in a repository's own directory that are looked at."""
_MAX_TEXT = 1_000_000
_DEPTH = 10
"""How deep configurations include one another, and alternates lead on. Source: MAX_INCLUDE_DEPTH of libgit2's config_file.c"""
_OBJECTS = re.compile(r"[0-9a-f]{2}|info|pack")
_INCLUDES = re.compile(r"(?i)\[\s*include")
_PATH = re.compile(r"(?im)^(?:[^#;\n]{0,400}\])?[ \t]*path[ \t]*=[ \t]*([^\n]*)")


def opened(path: Path) -> pygit2.Repository:
    """The repository as if it were bare: the work tree that its configuration names is not looked at.

    Errors: IncompleteError where it is not readable, or holds a pipe where a file belongs.
    """
    flags, inside = git().enums.RepositoryOpenFlag, path / ".git"
    try:
        next(path.iterdir(), None)
    except OSError as error:
        fix = "Grant the right to read it, or name the repositories one by one."
        raise IncompleteError(f"the directory cannot be read: {error.strerror}", str(path), fix) from None
    refuse_pipes(path)
    try:
        found: pygit2.Repository = git().Repository(str(inside if inside.exists() else path), flags.NO_SEARCH | flags.BARE)
    except git().GitError as error:
        raise IncompleteError(f"not a readable Git repository: {error}", str(path), "Name a clone.") from None
    return found


def find_repositories(path: Path) -> Iterator[Path]:
    """The repositories at or below a directory, by path; does not look inside one, nor follow symlinks.

    A directory that cannot be listed is given too: what it holds is unknown, and reading it says so.
    """
    try:
        children = sorted(child for child in path.iterdir() if child.is_dir() and not child.is_symlink())
        found = is_repository(path)
    except OSError:
        found, children = True, []
    if found:
        yield path
        return
    for child in children:
        if child.name != ".git":
            yield from find_repositories(child)


def is_repository(path: Path) -> bool:
    """Whether a directory is a work tree or a bare repository."""
    return (path / ".git").exists() or ((path / "objects").is_dir() and (path / "HEAD").is_file())


def refuse_pipes(path: Path) -> None:
    """Nothing, where reading the repository opens files only: a pipe would keep it waiting for somebody to write.

    Errors: IncompleteError with the name of the pipe.
    """
    found = next((one for directory in _directories(path) for one in _read_in(directory) if _is_pipe(one)), None)
    if found is not None:
        what = f"{found} is a pipe where Git has a file; reading it may never end"
        raise IncompleteError(what, str(path), "Clone it anew, and name that clone.")


def _directories(path: Path) -> list[Path]:
    """The directory that Git keeps a repository in, and the one that a linked work tree shares."""
    inside = path / ".git"
    if inside.is_dir():
        path = inside
    elif inside.exists():
        if _is_pipe(inside):
            return [path]
        path = (path / _text(inside).removeprefix("gitdir:").strip()).absolute()
    shared = path / "commondir"
    common = [] if _is_pipe(shared) or not os.path.isfile(shared) else [path / _text(shared).strip()]
    return [path, *common]


def _read_in(directory: Path) -> Iterator[Path]:
    """What is no regular file where libgit2 may open one, and what its configuration and alternates lead to."""
    yield directory / ".git"
    left = [MAX_SEEN]
    yield from _odd(directory, left)
    yield from _odd(directory / "refs", left, below=_DEPTH)
    for objects in _stores(directory / "objects", _DEPTH):
        for folder in _folders(objects):
            if _OBJECTS.fullmatch(folder.name):
                yield from _odd(Path(folder.path), left)
    for name in ("config", "config.worktree"):
        yield from _included(directory / name, _DEPTH)


def _odd(directory: Path, left: list[int], below: int = 0) -> Iterator[Path]:
    """The names in a directory that are not those of files or directories themselves; costs no look at each of them."""
    for entry in _folders(directory):
        left[0] -= 1
        if left[0] < 0:
            return
        if entry.is_dir(follow_symlinks=False):
            yield from _odd(Path(entry.path), left, below - 1) if below else ()
        elif not entry.is_file(follow_symlinks=False):
            yield Path(entry.path)


def _folders(directory: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as entries:
            yield from entries
    except (OSError, ValueError):
        return


def _stores(objects: Path, depth: int) -> Iterator[Path]:
    """A directory of objects, and those that its alternates name."""
    yield objects
    alternates = objects / "info" / "alternates"
    if depth and os.path.isfile(alternates) and not _is_pipe(alternates):
        for line in _text(alternates).splitlines()[:100]:
            if line.strip() and not line.startswith("#") and (other := (objects / line.strip()).absolute()) != objects.absolute():
                yield from _stores(other, depth - 1)


def _included(config: Path, depth: int) -> Iterator[Path]:
    """A file of configuration, and those that it includes."""
    yield config
    if not depth or _is_pipe(config) or not os.path.isfile(config) or not _INCLUDES.search(text := _text(config)):
        return
    for match in _PATH.finditer(text.replace("\\\n", "")):
        written = re.sub(r"\\(.)", r"\1", match[1].strip())
        for name in dict.fromkeys((written, re.split(r"[#;]", written)[0].strip(), written.replace('"', ""))):
            if name.strip('" '):
                yield from _included((config.parent / Path(name.strip('" ')).expanduser()).absolute(), depth - 1)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_TEXT).decode("utf-8", "replace")
    except OSError:
        return ""


def _is_pipe(path: Path) -> bool:
    try:
        return stat.S_ISFIFO(path.stat().st_mode)
    except (OSError, ValueError):
        return False
