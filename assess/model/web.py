"""Pages that a person can open: of a repository by its clone address, of a file and line of it pinned to a commit."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote, unquote

from assess.model.address import Address, parse
from assess.model.target import Location, Target

FORGES = ("github", "gitlab", "gitea", "bitbucket", "bitbucket-server", "azure-devops")
Page = tuple[str, str]
"""A forge and the address of a repository's page on it; both empty where there is none we know."""

_NAMED = (
    (re.compile(r"(?:^|[.-])gitlab(?:[.-]|\Z)"), "gitlab"),
    (re.compile(r"(?:^|[.-])github(?:[.-]|\Z)|\.ghe\.com\Z"), "github"),
    (re.compile(r"(?:^|[.-])(?:gitea|forgejo|codeberg)(?:[.-]|\Z)"), "gitea"),
    (re.compile(r"^bitbucket\.org\Z"), "bitbucket"),
)
"""What the name of a host says of the product on it."""
_SSH_HOSTS = {"ssh.github.com": "github.com", "altssh.gitlab.com": "gitlab.com", "altssh.bitbucket.org": "bitbucket.org"}
"""Source: https://docs.github.com/en/authentication/troubleshooting-ssh/using-ssh-over-the-https-port,
https://docs.gitlab.com/ssh/, https://support.atlassian.com/bitbucket-cloud/docs/ssh-over-https/"""
_BITBUCKET_SSH = 7999
"""The port that Bitbucket Data Center offers ssh on unless told otherwise."""


def page_of(remote: str, forge: str = "") -> Page:
    """The page of a repository for its clone address. forge: the product on its host, where that is known otherwise.

    Source: GitHub, GitLab, Gitea and Bitbucket Cloud serve a repository at its HTTPS clone address without `.git`.
    """
    address = parse(remote)
    if address is None or address.scheme == "file":
        return "", ""
    for special in (_azure, _bitbucket_server):
        if page := special(address):
            return page
    host = _SSH_HOSTS.get(address.host, address.host)
    forge = next((name for pattern, name in _NAMED if pattern.search(host)), forge)
    return (forge, f"https://{_host(address)}/{_path(*address.path.split('/'))}") if forge else ("", "")


def forge_of(web: str) -> str:
    """The product behind a page's address: the form of its path, the name of its host; GitHub's where neither says it."""
    host, _, path = web.partition("://")[2].partition("/")
    if "/_git/" in f"/{path}":
        return "azure-devops"
    if re.search(r"(?:^|/)(?:projects|users)/[^/]+/repos/[^/]+\Z", path):
        return "bitbucket-server"
    return next((name for pattern, name in _NAMED if pattern.search(host.partition(":")[0])), "github")


def link(target: Target, at: Location) -> str:
    """The web address of a location, pinned to the commit that was read; empty where there is none."""
    if not target.web or not target.commit:
        return target.web
    return _FORMS[target.forge if target.forge in _FORMS else forge_of(target.web)](
        target.web, target.commit, quote(at.path, errors="backslashreplace"), at.line
    )


def _host(address: Address) -> str:
    """The host of the page; the port of an https address is the page's own, that of ssh is not."""
    return address.netloc if address.scheme in ("https", "http") else _SSH_HOSTS.get(address.host, address.host)


def _path(*parts: str) -> str:
    return "/".join(quote(unquote(part), safe="~@") for part in parts)


def _azure(address: Address) -> Page | None:
    """Azure DevOps, in its cloud under both names, and its server.

    Source: https://learn.microsoft.com/en-us/azure/devops/repos/git/use-ssh-keys-to-authenticate
    """
    parts = address.path.split("/")
    if address.scheme == "ssh" and parts[0] == "v3" and len(parts) == 4:
        _, organization, project, name = parts
        if address.host == "ssh.dev.azure.com":
            return "azure-devops", f"https://dev.azure.com/{_path(organization, project)}/_git/{_path(name)}"
        if address.host.endswith("vs-ssh.visualstudio.com"):
            return "azure-devops", f"https://{organization}.visualstudio.com/{_path(project)}/_git/{_path(name)}"
    if "_git" in parts[:-1] and address.scheme in ("https", "http"):
        return "azure-devops", f"https://{address.netloc}/{_path(*parts)}"
    return None


def _bitbucket_server(address: Address) -> Page | None:
    """Bitbucket Data Center: `/scm/KEY/NAME` over https, port 7999 over ssh; a person's key is `~user`.

    Source: https://confluence.atlassian.com/bitbucketserver/
    """
    *above, key, name = ["", *address.path.split("/")]
    if address.scheme == "ssh" and address.port == _BITBUCKET_SSH and above == [""]:
        context = ""
    elif address.scheme in ("https", "http") and above and above[-1] == "scm":
        context = "/".join(part for part in above[:-1] if part)
    else:
        return None
    owner = f"users/{_path(key[1:])}" if key.startswith("~") else f"projects/{_path(key.upper())}"
    return "bitbucket-server", "/".join(part for part in (f"https://{_host(address)}", context, owner, "repos", _path(name)) if part)


# --- the page of a file, with the line where there is one -----------------------------------------------------------


def _github(web: str, commit: str, path: str, line: int) -> str:
    """Source: https://docs.github.com/en/repositories/working-with-files/using-files/getting-permanent-links-to-files"""
    return f"{web}/blob/{commit}/{path}" + (f"#L{line}" if line else "")


def _gitlab(web: str, commit: str, path: str, line: int) -> str:
    """Source: https://docs.gitlab.com/user/project/repository/files/"""
    return f"{web}/-/blob/{commit}/{path}" + (f"#L{line}" if line else "")


def _gitea(web: str, commit: str, path: str, line: int) -> str:
    """Source: https://docs.gitea.com/usage/permalinks"""
    return f"{web}/src/commit/{commit}/{path}" + (f"#L{line}" if line else "")


def _bitbucket(web: str, commit: str, path: str, line: int) -> str:
    """Source: https://support.atlassian.com/bitbucket-cloud/docs/hyperlink-to-source-code-in-bitbucket/"""
    return f"{web}/src/{commit}/{path}" + (f"#lines-{line}" if line else "")


def _bitbucket_browse(web: str, commit: str, path: str, line: int) -> str:
    """`at` is a commit as well as a branch. Source: https://confluence.atlassian.com/bitbucketserver/"""
    return f"{web}/browse/{path}?at={commit}" + (f"#{line}" if line else "")


def _azure_file(web: str, commit: str, path: str, line: int) -> str:
    """Source: https://learn.microsoft.com/en-us/azure/devops/repos/git/ (GC before a version: it is a commit)"""
    marked = f"&line={line}&lineEnd={line + 1}&lineStartColumn=1&lineEndColumn=1" if line else ""
    return f"{web}?path=/{path}&version=GC{commit}{marked}"


_FORMS: dict[str, Callable[[str, str, str, int], str]] = {
    "github": _github, "gitlab": _gitlab, "gitea": _gitea, "bitbucket": _bitbucket, "bitbucket-server": _bitbucket_browse,
    "azure-devops": _azure_file,
}  # fmt: skip
