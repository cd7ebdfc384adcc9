"""The repositories of an organization, group or person, as a forge lists them: read only, with what was left out told."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from assess.collect.forge.api import Answer, Api, NotThere
from assess.collect.forge.servers import Server, github, gitlab
from assess.collect.git.repository import anything
from assess.collect.seen import Seen
from assess.errors import IncompleteError
from assess.model.address import parse
from assess.model.gap import Gap, GapReason
from assess.model.target import Location, Source, Target
from assess.request import Named, Request


@dataclass(frozen=True, slots=True)
class Listing:
    """The repositories to read, and what the listing shows beside them; no `seen` where nothing had to be listed."""

    repositories: tuple[Named, ...]
    seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One repository as a forge has it. name: with all that it lies in."""

    name: str
    address: str
    fork: bool = False
    archived: bool = False
    closed: bool = False
    """Its files cannot be had: the forge keeps only its issues."""


def listed(
    named: Named, request: Request, environment: Mapping[str, str] = os.environ,
    sleep: Callable[[float], None] = time.sleep, clock: Callable[[], float] = time.time,
) -> Listing:  # fmt: skip
    """What `github:ORG` or `gitlab:GROUP` stands for. A listing that fails or is cut short is an unread target with a gap."""
    kind, _, name = named.address.partition(":")
    server = github(environment) if kind == "github" else gitlab(environment)
    if kind == "github" and "/" in name:
        return Listing((Named(Source.GIT, f"{server.web}/{name}.git", name.rpartition("/")[2], server.forge),))
    variable, token = server.token(environment)
    give = f"Set {' or '.join(server.tokens)} to a token that may read every repository of {name}."
    accept = "application/vnd.github+json" if kind == "github" else "application/json"
    api = Api(server.api, token, variable, give, accept, sleep, clock)
    found: list[Listed] = []
    gaps: list[Gap] = []
    at = Location(target=named.label)
    try:
        for answer in _first(api, _starts(kind, name)):
            found += [_READ[kind](item) for item in _items(answer, server)]
            gaps += _partial(at, answer)
    except IncompleteError as error:
        after = f"the listing was cut short after {len(found)} of its repositories: " if found else ""
        gaps.append(Gap(at=at, reason=GapReason.NOT_READ, what=f"{after}{error.what}", settle=error.fix, blinds=anything()))
    read = not any(gap.reason is GapReason.NOT_READ for gap in gaps)
    kept, told = _chosen(at, found, server, request.include)
    if read and not token:
        what = f"without a token, {server.host} lists public repositories only"
        gaps.append(Gap(at=at, reason=GapReason.NO_PERMISSION, what=what, settle=give, blinds=anything()))
    if read and not found:
        gaps.append(Gap(at=at, reason=GapReason.EMPTY, what="lists no repository", settle=give, blinds=anything()))
    target = Target(source=Source.FORGE, label=named.label, web=f"{server.web}/{quote(name)}", forge=server.forge, read=read)
    return Listing(tuple(kept), Seen(target, (), (*gaps, *told)))


def _starts(kind: str, name: str) -> list[str]:
    """The paths to ask, the next one where the one before is not there: a name does not say what it is the name of.

    Source: https://docs.github.com/en/rest/repos/repos, https://docs.gitlab.com/api/groups/#list-projects,
    https://docs.gitlab.com/api/projects/
    """
    part = quote(name, safe="")
    if kind == "github":
        page = "sort=full_name&per_page=100"
        return [f"orgs/{part}/repos?type=all&{page}", f"users/{part}/repos?type=owner&{page}"]
    page = "order_by=id&sort=asc&per_page=100"
    alone = f"projects/{part}" if "/" in name else f"users/{part}/projects?{page}"
    return [f"groups/{part}/projects?include_subgroups=true&with_shared=false&{page}", alone]


def _first(api: Api, starts: Sequence[str]) -> Iterator[Answer]:
    """The pages of the first start that is there. Errors: NotThere with the last one's message where none is."""
    for number, start in enumerate(starts, 1):
        try:
            yield from api.pages(start)
        except NotThere:
            if number == len(starts):
                raise
        else:
            return


def _items(answer: Answer, server: Server) -> Iterable[Mapping[str, Any]]:
    value = [answer.value] if isinstance(answer.value, dict) else answer.value
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise IncompleteError("an answer is not the list that the API describes", server.api, "Check the address of the API.")
    return value


def _on_github(item: Mapping[str, Any]) -> Listed:
    """Source: the `minimal-repository` of https://github.com/github/rest-api-description"""
    return Listed(
        _text(item, "full_name"), _text(item, "clone_url"), fork=bool(item.get("fork")), archived=bool(item.get("archived")),
        closed=bool(item.get("disabled")),
    )  # fmt: skip


def _on_gitlab(item: Mapping[str, Any]) -> Listed:
    """Source: https://docs.gitlab.com/api/projects/#list-all-projects"""
    return Listed(
        _text(item, "path_with_namespace"), _text(item, "http_url_to_repo"), fork=bool(item.get("forked_from_project")),
        archived=bool(item.get("archived")), closed=item.get("repository_access_level") == "disabled",
    )  # fmt: skip


_READ: dict[str, Callable[[Mapping[str, Any]], Listed]] = {"github": _on_github, "gitlab": _on_gitlab}


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""


def _partial(at: Location, answer: Answer) -> Iterator[Gap]:
    """What a page says of itself: GitHub leaves out organizations that the token is not authorized for.

    Source: https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api (X-GitHub-SSO: partial-results)
    """
    if "partial-results" in answer.headers.get("x-github-sso", ""):
        what = "the server leaves out what the token is not authorized for by single sign-on"
        yield Gap(at=at, reason=GapReason.NOT_READ, what=what, settle="Authorize the token for the organization.", blinds=anything())


_LEFT_OUT = (
    ("closed", "hold no files that the forge gives out", ""),
    ("archived", "are archived", "Scan with --include archived, or `include: [archived]` in the estate file."),
    ("fork", "are forks", "Scan with --include forks, or `include: [forks]` in the estate file."),
)
_INCLUDED = {"fork": "forks", "archived": "archived", "closed": ""}


def _chosen(at: Location, found: Sequence[Listed], server: Server, include: Sequence[str]) -> tuple[list[Named], list[Gap]]:
    """The repositories to read, and a gap for each reason to leave some out; only what lies elsewhere hides anything."""
    left: dict[str, list[str]] = {}
    kept = []
    for one in found:
        why = next((word for word, _, _ in _LEFT_OUT if getattr(one, word) and _INCLUDED[word] not in include), "")
        address = parse(one.address)
        if why:
            left.setdefault(why, []).append(one.name)
        elif address is None or address.netloc != server.host:
            left.setdefault("elsewhere", []).append(one.name)
        else:
            kept.append(Named(Source.GIT, address.url, address.parts[-1], server.forge))
    gaps = [
        Gap(at=at, reason=GapReason.NOT_READ, what=f"left out, for they {words}: {_some(left[word])}", settle=settle)
        for word, words, settle in _LEFT_OUT if word in left
    ]  # fmt: skip
    if names := left.get("elsewhere"):
        what = f"not fetched, for the listing gives an address on another server than {server.host}: {_some(names)}"
        gaps.append(Gap(at=at, reason=GapReason.NOT_READ, what=what, settle="Name them by address.", blinds=anything()))
    return kept, gaps


def _some(names: Sequence[str]) -> str:
    return f"{len(names)} ({', '.join(names[:5])}{', …' if len(names) > 5 else ''})"
