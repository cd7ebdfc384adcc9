"""Where a Git repository is fetched from: an address taken apart, credentials held apart from the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit

SCHEMES = ("https", "ssh", "file", "http")
_SCP = re.compile(r"(?:([\w.+-]+)@)?([A-Za-z0-9][\w.-]*|\[[0-9A-Fa-f:]+\]):(?!//)([^\s\\]+)\Z")
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address. user, secret: as written in it, for whoever connects; neither is in `url`, nor in the text of this value.

    path: without a leading slash and `.git`. port: 0 for the scheme's own.
    """

    scheme: str
    host: str
    path: str
    port: int = 0
    user: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    written: str = ""
    """The path as it was written: some servers know a repository with `.git` only, others without it only."""

    @property
    def url(self) -> str:
        """What is connected to; the one user that stays is that of ssh, which is a part of the place."""
        if self.scheme == "file":
            return f"file:///{self.written}"
        user = f"{quote(self.user)}@" if self.scheme == "ssh" else ""
        return f"{self.scheme}://{user}{self.netloc}/{self.written}"

    @property
    def netloc(self) -> str:
        """The host, with its port where it is not the scheme's own."""
        return f"{self.host}:{self.port}" if self.port else self.host

    @property
    def parts(self) -> tuple[str, ...]:
        """What names the repository, the nearest last: host and folders."""
        return tuple(unquote(part) for part in (self.netloc, *self.path.split("/")) if part)

    @property
    def key(self) -> str:
        """What two addresses of one repository share, over https as over ssh; hosts do not tell case apart."""
        return "/".join((self.host, self.path))


def is_address(text: str) -> bool:
    """Whether a target's text is an address, well formed or not, rather than a path: `scheme://…` or `user@host:path`."""
    return bool(_URL.match(text)) or bool((match := _SCP.match(text)) and match[1])


def parse(text: str) -> Address | None:
    """An address taken apart; None where it is none that can be fetched from.

    Source: https://git-scm.com/docs/git-clone#_git_urls
    """
    if not _URL.match(text):
        match = _SCP.match(text)
        return _made("ssh", match[2].lower(), 0, match[3], match[1] or "git", "") if match else None
    try:
        parts = urlsplit(text)
        port = parts.port or 0
    except ValueError:
        return None
    if parts.scheme not in SCHEMES or bool(parts.hostname) == (parts.scheme == "file"):
        return None
    user = unquote(parts.username or "") or ("git" if parts.scheme == "ssh" else "")
    return _made(parts.scheme, parts.hostname or "", port, parts.path, user, unquote(parts.password or ""))


def _made(scheme: str, host: str, port: int, path: str, user: str, secret: str) -> Address | None:
    written = re.sub(r"/{2,}", "/", path).strip("/")
    plain = written.removesuffix("/.git").removesuffix(".git")
    if not plain or ".." in unquote(plain).split("/") or not unquote(plain).isprintable():
        return None
    port = 0 if port == {"https": 443, "http": 80, "ssh": 22}.get(scheme) else port
    host = f"[{host}]" if ":" in host and not host.startswith("[") else host
    return Address(scheme=scheme, host=host, port=port, path=plain, written=written, user=user, secret=secret)
