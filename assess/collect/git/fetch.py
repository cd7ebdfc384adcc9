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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from assess.collect.git.access import Access
from assess.collect.git.repository import NothingThere, git
from assess.errors import IncompleteError
from assess.model.address import Address
from assess.model.credentials import clean

if TYPE_CHECKING:
    import pygit2

MAX_BYTES = 8_000_000_000
MAX_SECONDS = 1_800.0
SILENT_SECONDS = 60
"""How long a server may say nothing."""
WAIT_SECONDS = 2_000.0
"""How long another run may take over the same clone: as long as a fetch, and a little."""

Clock = Callable[[], float]


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
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
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
    if path.exists():
        shutil.rmtree(path)
    partial = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.", suffix=".partial"))
    try:
        repository = git().init_repository(str(partial), bare=True)
        repository.remotes.create("origin", address.url)
        repository.config["http.followRedirects"] = "false"  # to another host, that is: a credential stays with the one it is for
        shutil.rmtree(partial / "hooks", ignore_errors=True)
        _bring(repository, address, rev, Access(address, credentials), clock)
        os.replace(partial, path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _update(path: Path, address: Address, rev: str, credentials: Mapping[str, str], clock: Clock) -> None:
    """The clone brought up to date; one that is damaged is made anew, for it is only a copy."""
    try:
        flags = git().enums.RepositoryOpenFlag
        repository = git().Repository(str(path), flags.NO_SEARCH | flags.BARE)
        repository.remotes.set_url("origin", address.url)
        _bring(repository, address, rev, Access(address, credentials), clock)
    except (KeyError, ValueError, _Unclear, git().GitError):
        _clone(path, address, rev, credentials, clock)


def _bring(repository: pygit2.Repository, address: Address, rev: str, access: Access, clock: Clock) -> None:
    """The clone as new as the server: nothing is fetched where every ref that is wanted is there already."""
    talk = _talk(access, clock)
    proxy: Literal[True] | None = None if address.scheme in ("file", "ssh") else True
    git().settings.server_timeout = git().settings.server_connect_timeout = SILENT_SECONDS * 1000
    remote = repository.remotes["origin"]
    try:
        heads = remote.list_heads(callbacks=talk, proxy=proxy)
        offered = {head.name: str(head.oid) for head in heads if head.name and not head.name.endswith("^{}")}
        default = _default(heads, offered, address)
        wanted = _wanted(default, offered, rev)
        if not _has(repository, wanted, offered) or _unknown(repository, rev, offered):
            every = ["+refs/heads/*:refs/heads/*"] if _unknown(repository, rev, offered) else []
            remote.fetch([*(f"+{name}:{name}" for name in wanted), *every], callbacks=talk, proxy=proxy)
        _point(repository, default, offered)
    except git().GitError as error:
        raise _told(error, address, access) from None


def _default(heads: Sequence[Any], offered: Mapping[str, str], address: Address) -> str:
    """The default branch, by the server's word, else the one where its HEAD stands."""
    said = next((head.symref_target for head in heads if head.name == "HEAD"), None)
    if said and said in offered:
        return str(said)
    if "HEAD" in offered:
        alike = [name for name, oid in offered.items() if name.startswith("refs/heads/") and oid == offered["HEAD"]]
        usual = [name for name in ("refs/heads/main", "refs/heads/master") if name in alike]
        return (usual or alike or ["HEAD"])[0]
    usual = [name for name in ("refs/heads/main", "refs/heads/master") if name in offered]
    if not usual and offered:
        raise IncompleteError("the server names no default branch", address.url, "Name one with --rev, or set one on the server.")
    if not offered:
        raise NothingThere("the repository holds no commit yet", address.url)
    return usual[0]


def _wanted(default: str, offered: Mapping[str, str], rev: str) -> list[str]:
    """The refs to have: the default branch, the one that was asked for, and every tag."""
    named = [name for name in (f"refs/heads/{rev}", rev) if rev and name in offered and name.startswith("refs/")]
    tags = [name for name in offered if name.startswith("refs/tags/")]
    return list(dict.fromkeys([default, *named, *tags]))


def _has(repository: pygit2.Repository, wanted: Sequence[str], offered: Mapping[str, str]) -> bool:
    return all(_oid(repository, name) == offered[name] and offered[name] in repository for name in wanted)


def _oid(repository: pygit2.Repository, name: str) -> str:
    try:
        return str(repository.references[name].target)
    except (KeyError, ValueError):
        return ""


def _unknown(repository: pygit2.Repository, rev: str, offered: Mapping[str, str]) -> bool:
    """Whether a revision is none of the server's names, nor in the clone: then it may be on any branch."""
    if not rev or any(name in offered for name in (f"refs/heads/{rev}", f"refs/tags/{rev}", rev)):
        return False
    try:
        repository.revparse_single(rev)
    except (KeyError, ValueError, git().GitError):
        return True
    return False


def _point(repository: pygit2.Repository, default: str, offered: Mapping[str, str]) -> None:
    """HEAD where the server has it; tags that it no longer has are gone here too."""
    if default == "HEAD":
        repository.set_head(git().Oid(hex=offered["HEAD"]))
    else:
        repository.references.create("HEAD", default, force=True)
    for name in [name for name in repository.references if name.startswith("refs/tags/") and name not in offered]:
        repository.references.delete(name)


def _talk(access: Access, clock: Clock) -> Any:
    """The callbacks of one fetch: credentials as they are asked for, and an end to what is too big or takes too long."""
    deadline = clock() + MAX_SECONDS

    def in_time() -> None:
        if clock() > deadline:
            raise _TooMuch(f"it took longer than {MAX_SECONDS:.0f} seconds")

    class Talk(git().RemoteCallbacks):  # type: ignore[misc]
        def credentials(self, url: str, user: str | None, allowed: int) -> Any:
            return access.next(user or "", allowed)

        def sideband_progress(self, text: str) -> None:
            in_time()

        def transfer_progress(self, stats: Any) -> None:
            in_time()
            if stats.received_bytes > MAX_BYTES:
                raise _TooMuch(f"it holds more than {MAX_BYTES} bytes")

    return Talk()


class _TooMuch(IncompleteError):
    """A fetch that was ended by us."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the fetch was ended: {what}", fix="Clone it yourself, and name the clone as a path.")


class _Unclear(IncompleteError):
    """A fetch that failed for a reason that may lie in the clone."""


_ANSWERS = (
    (r"status code: 404|repository not found|does not appear to be a git", "there is no such repository, or it is not shown to you"),
    (r"object not found", "it lacks objects of its own history, as a shallow, partial or damaged clone does"),
    (r"resolve address|resolve host", "the host is not known"),
    (r"connect to|connection refused|unreachable|timed out|timeout", "the server does not answer"),
    (r"cannot redirect", "the server sends elsewhere, to another host"),
    (r"certificate|ssl|tls|hostkey|known_hosts|host key", "the server does not prove who it is"),
    (r"failed to resolve path|no such file|unsupported url|invalid content-type|unexpected content", "there is no Git repository"),
)  # fmt: skip


def _told(error: Exception, address: Address, access: Access) -> IncompleteError:
    """What libgit2 says of a fetch that failed, in our words with its own beside them."""
    said = clean(str(error)).strip()
    low = said.lower()
    if re.search(r"status code: 40[13]|authenticat|too many redirects or auth", low):
        return IncompleteError(*access.refusal())
    what = next((words for pattern, words in _ANSWERS if re.search(pattern, low)), "")
    if not what or "object not found" in low:
        return _Unclear(
            f"{what or 'it cannot be fetched'} ({said})", address.url, "Check the address, or clone it yourself and name the clone."
        )
    hint = access.refusal()[2]
    fix = f"Check the address; {hint[0].lower()}{hint[1:]}" if "not shown" in what else "Check the address."
    return IncompleteError(f"{what} ({said})", address.url, fix)
