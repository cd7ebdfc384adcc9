"""An AWS account to facts: the changes that CloudTrail recorded in the profile's region. Reads, and writes nothing.

Needs `cloudtrail:LookupEvents`; `sts:GetCallerIdentity` needs no permission.
Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from assess.collect.cloud.trail import change_event
from assess.collect.seen import Seen
from assess.errors import IncompleteError
from assess.model.fact import ChangeEvent
from assess.model.gap import Gap, GapReason
from assess.model.target import Location, Source, Target

LOOKBACK_DAYS = 90
"""As far as LookupEvents reaches."""
PAGE_SIZE = 50
"""Events a page, as many as LookupEvents gives."""
MAX_PAGES = 100
"""Pages a region, newest first: 5,000 events. The limit of two calls a second makes that 50 seconds.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
"""
_CONNECT_SECONDS, _READ_SECONDS = 10, 30
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
_BLINDS = (ChangeEvent.__name__,)
_STOCK = (
    "what exists in the account was not listed: its trail shows changes, not what they left",
    "Scan the repositories whose Terraform, CloudFormation or CDK code makes what is in this account; they have the level.",
)
_FIXES = {
    "ProfileNotFound": "`aws configure list-profiles` lists the profiles there are.",
    "NoCredentialsError": "Give the profile credentials, or sign in with `aws sso login --profile PROFILE`.",
    "PartialCredentialsError": "Complete the profile's credentials.",
    "EndpointConnectionError": "Check the network, a proxy, and the region and endpoint of the profile.",
    "ConnectTimeoutError": "Check the network, a proxy, and the region and endpoint of the profile.",
}
_SIGN_IN = "Renew the profile's credentials, for instance with `aws sso login --profile PROFILE`."


def collect_account(profile: str, label: str, now: datetime, *, lookback_days: int = LOOKBACK_DAYS, max_pages: int = MAX_PAGES) -> Seen:
    """The changes that the account's trail holds for the profile's region, newest first, and what was not read.

    Errors: IncompleteError where the profile is unknown or unusable, or the account cannot be reached.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        session = _session(profile)
        region = session.region_name
        account, gaps = _account(session, label)
        trail = _Trail(label, region, now - timedelta(days=lookback_days), now)
        _read(_client(session, "cloudtrail"), trail, max_pages)
    except (BotoCoreError, ClientError) as error:
        raise _unusable(profile, error) from None
    gaps += [Gap(at=Location(target=label), reason=GapReason.NOT_READ, what=_STOCK[0], settle=_STOCK[1]), *trail.gaps]
    gaps += _other_regions(session, label)
    events = tuple(event if event.account else replace(event, account=account) for event in trail.events.values())
    return Seen(Target(source=Source.AWS, label=label), events, tuple(gaps))


def _session(profile: str) -> Any:
    import boto3

    session = boto3.Session(profile_name=profile)
    if not session.region_name:
        fix = "Set `region` in the profile, or AWS_DEFAULT_REGION."
        raise IncompleteError("the profile has no region", f"aws:{profile}", fix)
    return session


def _client(session: Any, service: str) -> Any:
    """A client that slows down when it is told to: https://boto3.amazonaws.com/v1/documentation/api/latest/guide/retries.html"""
    from botocore.config import Config

    from assess import __version__

    config = Config(
        retries={"mode": "adaptive"}, connect_timeout=_CONNECT_SECONDS, read_timeout=_READ_SECONDS,
        user_agent_extra=f"idp-assess/{__version__}",
    )  # fmt: skip
    return session.client(service, config=config)


def _account(session: Any, label: str) -> tuple[str, list[Gap]]:
    """The account's number, or an empty text and the gap that says why."""
    from botocore.exceptions import ClientError

    try:
        return str(_client(session, "sts").get_caller_identity()["Account"]), []
    except ClientError as error:
        if _code(error) not in _DENIED:
            raise
    gap = Gap(
        at=Location(target=label), reason=GapReason.NO_PERMISSION, what="the account's number was not given",
        settle="Allow sts:GetCallerIdentity; it is refused by an explicit rule only.",
    )  # fmt: skip
    return "", [gap]


@dataclass(slots=True)
class _Trail:
    """What is read of one region's trail: events by id, pages, and gaps."""

    label: str
    region: str
    since: datetime
    until: datetime
    events: dict[str, ChangeEvent] = field(default_factory=dict)
    pages: int = 0
    unread: int = 0
    gaps: list[Gap] = field(default_factory=list)

    def add(self, page: dict[str, Any]) -> None:
        """Take one page in."""
        self.pages += 1
        for envelope in page.get("Events", ()):
            event = change_event(envelope, self.label, self.region, self.pages)
            if event is None:
                self.unread += 1
            else:
                self.events.setdefault(event.at.uid or f"{self.pages}:{len(self.events)}", event)

    def miss(self, reason: GapReason, what: str, settle: str) -> None:
        """Note something that was not seen of the changes."""
        place = Location(target=self.label, path=self.region)
        self.gaps.append(Gap(at=place, reason=reason, what=what, settle=settle, blinds=_BLINDS))


def _read(client: Any, trail: _Trail, max_pages: int) -> None:
    """Fills the trail as far as it can be read. A failure after the first page ends the reading and is a gap."""
    from botocore.exceptions import BotoCoreError, ClientError

    more = False
    try:
        for page in islice(_pages(client, trail), max_pages):
            trail.add(page)
            more = bool(page.get("NextToken"))
    except ClientError as error:
        if not trail.pages and _code(error) in _DENIED:
            trail.miss(GapReason.NO_PERMISSION, "the history of changes was not read", "Allow cloudtrail:LookupEvents on *.")
            return
        if not trail.pages:
            raise
        _truncated(trail, f"the service answered {_code(error)}")
    except BotoCoreError as error:
        if not trail.pages:
            raise
        _truncated(trail, f"the connection failed ({type(error).__name__})")
    else:
        if more:
            _truncated(trail, f"the reading ends after {max_pages} pages")
    if trail.unread:
        settle = "`aws cloudtrail lookup-events` shows them; please report a record that it shows well."
        trail.miss(GapReason.PARSE_ERROR, f"{trail.unread} records could not be read", settle)


def _pages(client: Any, trail: _Trail) -> Iterator[dict[str, Any]]:
    return iter(
        client.get_paginator("lookup_events").paginate(
            LookupAttributes=[{"AttributeKey": "ReadOnly", "AttributeValue": "false"}],
            StartTime=trail.since, EndTime=trail.until, PaginationConfig={"PageSize": PAGE_SIZE},
        )
    )  # fmt: skip


def _truncated(trail: _Trail, why: str) -> None:
    oldest = min((event.time for event in trail.events.values()), default="")
    trail.miss(
        GapReason.TRUNCATED,
        f"changes before {oldest or trail.until.strftime('%Y-%m-%dT%H:%M:%SZ')} were not read: {why}; "
        f"{len(trail.events)} records on {trail.pages} pages were",
        "Scan more often, so that the pages of one run reach back to the run before.",
    )


def _other_regions(session: Any, label: str) -> list[Gap]:
    """The gap that names the regions which were not read."""
    from botocore.exceptions import BotoCoreError

    try:
        partition = session.get_partition_for_region(session.region_name)
        known = session.get_available_regions("cloudtrail", partition_name=partition)
    except BotoCoreError:
        known = []
    others = sorted(set(known) - {session.region_name})
    if known and not others:
        return []
    world = "; those of IAM, CloudFront and Route 53 are in us-east-1" if "us-east-1" in others else ""
    return [
        Gap(
            at=Location(target=label), reason=GapReason.NOT_READ, blinds=_BLINDS,
            what=f"only changes in {session.region_name} were read, not those in {len(others) or 'the'} other regions{world}",
            settle="Name a profile for each region that is in use.",
        )
    ]  # fmt: skip


def _code(error: Any) -> str:
    """The code of a service's refusal; its message names who asked, and is not kept."""
    return str(error.response.get("Error", {}).get("Code", "an unnamed error"))


def _unusable(profile: str, error: Any) -> IncompleteError:
    """What to tell of a profile that cannot be used; the error's own text may hold credentials, and is not kept."""
    name = type(error).__name__
    if hasattr(error, "response"):
        return IncompleteError(f"the account answered {_code(error)}", f"aws:{profile}", _SIGN_IN)
    what = f"the account cannot be reached with this profile ({name})"
    return IncompleteError(what, f"aws:{profile}", _FIXES.get(name, _SIGN_IN))
