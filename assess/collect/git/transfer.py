"""What is said between a clone and its server: which refs there are, which are wanted, and the packs that bring them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import unquote

from assess.collect.git.access import Access
from assess.collect.git.libgit2 import git
from assess.collect.git.opened import refuse_pipes
from assess.collect.git.repository import NothingThere
from assess.collect.limits import LISTING, room
from assess.errors import IncompleteError
from assess.model.address import Address
from assess.model.credentials import clean

if TYPE_CHECKING:
    import pygit2

MAX_BYTES = 8_000_000_000
MAX_REFS = 1_000_000
MAX_SECONDS = 1_800.0
SILENT_SECONDS = 60
"""How long a server may say nothing."""

Clock = Callable[[], float]


def bring(repository: pygit2.Repository, address: Address, rev: str, access: Access, clock: Clock) -> None:
    """The clone as new as the server: nothing is fetched where every ref that is wanted is there already."""
    talk = _talk(address, access, clock)
    proxy: Literal[True] | None = None if address.scheme in ("file", "ssh") else True
    git().settings.server_timeout = git().settings.server_connect_timeout = SILENT_SECONDS * 1000
    remote = repository.remotes["origin"]
    if address.scheme == "file":
        refuse_pipes(Path("/", unquote(address.written)))
    try:
        heads = _listed(remote, talk, proxy)
        offered = {head.name: str(head.oid) for head in heads if head.name and not head.name.endswith("^{}")}
        default = _default(heads, offered, address)
        wanted = _wanted(default, offered, rev)
        lost = _unknown(repository, rev, offered)
        if lost or not all(_oid(repository, own) == offered[name] and offered[name] in repository for name, own in wanted.items()):
            kinds = ["heads", "tags"] if lost else ["tags"]  # as one pattern: each name is held against each that is asked for
            one_by_one = [f"+{name}:{own}" for name, own in wanted.items() if not name.startswith("refs/tags/")]
            remote.fetch([*one_by_one, *(f"+refs/{kind}/*:refs/{kind}/*" for kind in kinds)], callbacks=talk, proxy=proxy)
        _point(repository, default, offered)
    except git().GitError as error:
        raise _told(error, address, access) from None


def _listed(remote: pygit2.Remote, talk: Any, proxy: Literal[True] | None) -> Sequence[Any]:
    """The refs of a server. libgit2 takes all that it says before it asks anybody, so their memory has an end of its own."""
    try:
        with room(LISTING):
            heads: Sequence[Any] = remote.list_heads(callbacks=talk, proxy=proxy)
    except (MemoryError, git().GitError) as error:
        if isinstance(error, MemoryError) or "out of memory" in str(error).lower():
            raise _TooMuch(f"its refs take more than {LISTING} bytes") from None
        raise
    if len(heads) > MAX_REFS:
        raise _TooMuch(f"it has {len(heads)} refs, the cap is {MAX_REFS}")
    return heads


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


def _wanted(default: str, offered: Mapping[str, str], rev: str) -> dict[str, str]:
    """The refs to have, with their names here: the default branch, the one that was asked for, and every tag."""
    named = [name for name in (f"refs/heads/{rev}", rev) if rev and name in offered and name.startswith("refs/")]
    tags = [name for name in offered if name.startswith("refs/tags/")]
    return {name: _DETACHED if name == "HEAD" else name for name in (default, *named, *tags)}


_DETACHED = "refs/idp-assess/HEAD"
"""What holds the commit of a server whose HEAD is on no branch."""


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


def _talk(address: Address, access: Access, clock: Clock) -> Any:
    """The callbacks of one fetch: who the server is, credentials as they are asked for, an end to what is too big or too slow."""
    deadline = clock() + MAX_SECONDS

    def in_time() -> None:
        if clock() > deadline:
            raise _TooMuch(f"it took longer than {MAX_SECONDS:.0f} seconds")

    class Talk(git().RemoteCallbacks):  # type: ignore[misc]
        def certificate_check(self, certificate: None, valid: bool, host: bytes) -> bool:
            # without this, pygit2 takes any key of an ssh server for the right one
            if not valid:
                raise IncompleteError(*_unproven(address))
            return True

        def credentials(self, url: str, user: str | None, allowed: int) -> Any:
            return access.next(user or "", allowed)

        def sideband_progress(self, text: str) -> None:
            in_time()

        def transfer_progress(self, stats: Any) -> None:
            in_time()
            if stats.received_bytes > MAX_BYTES:
                raise _TooMuch(f"it holds more than {MAX_BYTES} bytes")

    return Talk()


def _unproven(address: Address) -> tuple[str, str, str]:
    if address.scheme == "ssh":
        port = f"-p {address.port} " if address.port else ""
        fix = f"Connect once with `ssh {port}{address.user}@{address.host}`, compare the key, and accept it."
        return "the server's key is not the one in ~/.ssh/known_hosts, or not there", address.url, fix
    return "the server's certificate is not valid", address.url, "Name the authority that signed it in SSL_CERT_FILE."


class _TooMuch(IncompleteError):
    """A fetch that was ended by us."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the fetch was ended: {what}", fix="Clone it yourself, and name the clone as a path.")


class Unclear(IncompleteError):
    """A fetch that failed for a reason that may lie in the clone."""


_ANSWERS = (
    (r"status code: 404|repository not found|does not appear to be a git", "there is no such repository, or it is not shown to you"),
    (r"object not found", "it lacks objects of its own history, as a shallow, partial or damaged clone does"),
    (r"out of memory", "it takes more memory than one target may"),
    (r"resolve address|resolve host", "the host is not known"),
    (r"connect to|connection refused|unreachable|timed out|timeout", "the server does not answer"),
    (r"cannot redirect", "the server sends elsewhere, to another host"),
    (r"certificate|ssl error|ssl_|tls|hostkey|host key", "the server does not prove who it is"),
    (r"status code: [345]\d\d", "the server answers with an error"),
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
        return Unclear(
            f"{what or 'it cannot be fetched'} ({said})", address.url, "Check the address, or clone it yourself and name the clone."
        )
    hint = access.refusal()[2]
    fix = f"Check the address; {hint[0].lower()}{hint[1:]}" if "not shown" in what else "Check the address."
    return IncompleteError(f"{what} ({said})", address.url, fix)
