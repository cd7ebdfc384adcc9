"""Repositories by address: fetched bare into a directory of clones, which later runs only bring up to date.

No work tree, no hook, no filter, no submodule: libgit2 writes packs and refs, and the configuration beside them is ours.
A clone appears under its name only when it is whole; a lock beside it keeps a second run waiting, not reading half of one.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from assess.collect.git.access import Access
from assess.collect.git.libgit2 import git
from assess.collect.git.transfer import Clock, Unclear, bring
from assess.errors import IncompleteError
from assess.model.address import Address

WAIT_SECONDS = 2_000.0
"""How long another run may take over the same clone: as long as a fetch, and a little."""


def directory(environment: Mapping[str, str] = os.environ) -> Path:
    """Where clones are kept where nobody says: `IDP_ASSESS_CLONES`, else below the user's cache directory.

    Source: https://specifications.freedesktop.org/basedir-spec/latest/ (a relative path in it is ignored)
    """
    if named := environment.get("IDP_ASSESS_CLONES"):
        return Path(named).expanduser()
    cache = environment.get("XDG_CACHE_HOME", "")
    return (Path(cache) if cache.startswith("/") else Path.home() / ".cache") / "idp-assess" / "clones"


def place(address: Address, clones: Path) -> Path:
    """Where the clone of an address lies: scheme, host and path, each folder a name that cannot lead elsewhere."""
    parts = [re.sub(r"\.git\Z", "%2Egit", quote(part, safe="@+~ ,=")) for part in address.parts]
    return clones.joinpath(address.scheme, *parts[:-1], f"{parts[-1]}.git")


def fetched(
    address: Address, clones: Path, *, rev: str = "", credentials: Mapping[str, str] | None = None, clock: Clock = time.monotonic
) -> Path:
    """The path of a bare clone that is as new as the server.

    It holds the default branch with all of its history, every tag, and what `rev` names.
    Errors: IncompleteError where it cannot be had, with what to do; NothingThere for a repository without a commit.
    """
    path = place(address, clones)
    try:
        clones.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path.with_name(path.name + ".lock"), address, clock):
            if (path / "HEAD").is_file() and (path / "objects").is_dir():
                _update(path, address, rev, credentials or {}, clock)
            else:
                _clone(path, address, rev, credentials or {}, clock)
    except OSError as error:
        what = f"the clone cannot be written: {error.strerror or type(error).__name__}"
        raise IncompleteError(what, str(path), "Name another directory: --clones DIR or IDP_ASSESS_CLONES.") from None
    return path


@contextmanager
def _locked(lock: Path, address: Address, clock: Clock) -> Iterator[None]:
    """Alone with a clone, among all processes of this machine; the system lets go of the lock of one that died."""
    import fcntl

    with lock.open("wb") as held:
        deadline = clock() + WAIT_SECONDS
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if clock() > deadline:
                    raise IncompleteError("another run is fetching it and does not end", address.url, f"See who holds {lock}.") from None
                time.sleep(0.1)
        yield


def _clone(path: Path, address: Address, rev: str, credentials: Mapping[str, str], clock: Clock) -> None:
    """A new clone, made beside its place and moved there whole; what an earlier try left is removed."""
    for left in path.parent.glob(f".{path.name}.*.partial"):
        shutil.rmtree(left, ignore_errors=True)
    partial = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.", suffix=".partial"))
    try:
        repository = git().init_repository(str(partial), bare=True)
        repository.remotes.create("origin", address.url)
        repository.config["http.followRedirects"] = "false"  # to another host, that is: a credential stays with the one it is for
        shutil.rmtree(partial / "hooks", ignore_errors=True)
        bring(repository, address, rev, Access(address, credentials), clock)
        if path.exists():
            shutil.rmtree(path)
        os.replace(partial, path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _update(path: Path, address: Address, rev: str, credentials: Mapping[str, str], clock: Clock) -> None:
    """The clone brought up to date; one that is damaged is made anew, for it is only a copy."""
    try:
        flags = git().enums.RepositoryOpenFlag
        repository = git().Repository(str(path), flags.NO_SEARCH | flags.BARE)
        repository.remotes.set_url("origin", address.url)
        bring(repository, address, rev, Access(address, credentials), clock)
    except (KeyError, ValueError, Unclear, git().GitError):
        _clone(path, address, rev, credentials, clock)
