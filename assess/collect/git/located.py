"""A repository as a target, wherever it is: fetched where it is named by address, then read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from assess.collect.cache import Cache
from assess.collect.git import fetch
from assess.collect.git.collector import collect_repository
from assess.collect.git.history import WINDOW_DAYS, Window
from assess.collect.git.repository import NothingThere
from assess.collect.seen import Seen, without_credentials
from assess.model.address import parse
from assess.model.fact import Repository
from assess.model.gap import Gap, GapReason
from assess.model.target import Location, Source, Target
from assess.model.web import page_of
from assess.request import Named, Request


def collect_located(named: Named, request: Request, cache: Cache | None = None) -> Seen:
    """What a repository shows, with the place where its objects lie; one that holds nothing to read says so.

    Errors: IncompleteError where it cannot be fetched or read.
    """
    address = parse(named.address) if named.remote else None
    try:
        place = Path(named.address)
        if address is not None:
            clones = request.clones or fetch.directory()
            place = fetch.fetched(address, clones, rev=request.rev, credentials=request.credentials)
        window = Window(request.at or _end_of_day(request.now), request.window_days or request.estate.window_days or WINDOW_DAYS)
        estate = request.estate.as_of(request.now.date())
        seen = collect_repository(place, named.label, request.rev, estate, window, request.at, cache)
        return replace(seen, target=replace(_on(named.forge, seen.target), as_of=_iso(request)), place=place)
    except NothingThere as nothing:
        return without_credentials(_empty(replace(named_target(named), as_of=_iso(request)), nothing.what))


def _end_of_day(moment: datetime) -> datetime:
    """The last second of the day, UTC: where the window of the history ends, so that two runs of one day see the same."""
    return moment.astimezone(UTC).replace(hour=23, minute=59, second=59, microsecond=0)


def place_of(named: Named, request: Request) -> Path:
    """Where the objects of a repository lie, or would once it is fetched."""
    address = parse(named.address) if named.remote else None
    return fetch.place(address, request.clones or fetch.directory()) if address is not None else Path(named.address)


def _on(forge: str, target: Target) -> Target:
    """A target with the page that its forge serves, where the name of the host does not say which product it is."""
    if not forge or target.web:
        return target
    _, web = page_of(target.remote, forge)
    return replace(target, web=web, forge=forge if web else "")


def named_target(named: Named) -> Target:
    """A repository as a target before anything of it is read: where it is, so that what names it is known to mean it."""
    address = parse(named.address) if named.remote else None
    remote = address.url if address is not None and address.scheme != "file" else ""
    forge, web = page_of(remote, named.forge)
    return Target(source=Source.GIT, label=named.label, remote=remote, web=web, forge=forge)


def _iso(request: Request) -> str:
    return f"{request.at:%Y-%m-%dT%H:%M:%SZ}" if request.at else ""


def _empty(target: Target, what: str) -> Seen:
    at = Location(target=target.label)
    whole = Repository(at=at, files=0, purpose="empty", reason=what)
    return Seen(target, (whole,), (Gap(at=at, reason=GapReason.EMPTY, what=what),))
