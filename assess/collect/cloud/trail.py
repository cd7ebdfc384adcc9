"""CloudTrail records to facts: what was called, with what and by what kind of identity; no names, keys or addresses.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html and
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from assess.model.fact import Assurance, ChangeEvent
from assess.model.target import Location

_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_VERSION = re.compile(r"(\d+)\.(\d+)")
_CONSOLE_SINCE = (1, 8)
"""The record version that brought `sessionCredentialFromConsole`, which is left out where it is not true."""
_SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?|AWS Internal")
_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_ACCESS_KEY = re.compile(r"\bA(KIA|SIA|IDA|ROA)[A-Z0-9]{12,}")

_PRODUCT = re.compile(r"([A-Za-z][A-Za-z0-9._-]{0,49})/(\S*)")
_NUMBER = re.compile(r"v?\d{1,4}(\.\d{1,6}){0,3}(?![\w.])")
_WORD = re.compile(r"[A-Za-z0-9._-]{1,40}")
_WORDY = frozenset({"exec-env", "ManagedBy", "Coral", "os", "command", "CRDKind"})
"""Products whose value is a word of the tool, not of its user.

Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-appid.html and the controllers' own agents.
"""
_LONGEST_WORD = 19
_AGENT_CUT = 240

_SESSIONS = (
    ("github-actions", re.compile(r"GitHubActions")),
    ("gruntwork-pipelines", re.compile(r".{0,64}-via-GWPipelines@PR-\d+")),
    ("codebuild", re.compile(r"AWSCodeBuild-[0-9a-f-]+")),
    ("cloudformation", re.compile(r"AWSCloudFormation")),
    ("cdk", re.compile(r"aws-cdk-.+")),
    ("instance", re.compile(r"i-[0-9a-f]{8,17}")),
    ("sdk-default", re.compile(r"(botocore-session-|aws-go-sdk-|aws-sdk-js-session-|aws-sdk-java-)\d+")),
)
"""Names of sessions that a tool or service sets. Any other name may be a person's and is not kept.

Source: https://github.com/aws-actions/configure-aws-credentials/blob/main/action.yml (GitHubActions),
https://docs.aws.amazon.com/codebuild/latest/userguide/cloudtrail.html, botocore's and the SDKs' credential providers.
"""


def change_event(envelope: Mapping[str, Any], label: str, region: str, page: int) -> ChangeEvent | None:
    """One entry of LookupEvents as a fact; None where it holds no record that can be read."""
    record = _record(envelope.get("CloudTrailEvent"))
    if record is None:
        return None
    who = _part(record, "userIdentity")
    service = _text(record, "eventSource").removesuffix(".amazonaws.com")
    action = _text(record, "eventName") or _text(envelope, "EventName")
    uid = _text(envelope, "EventId") or _text(record, "eventID")
    session = _session_name(who)
    place = _text(record, "awsRegion") or region
    return ChangeEvent(
        at=Location(target=label, path=f"{place}/{service}/{action}", uid=uid),
        assurance=Assurance.EXERCISED, time=_time(record, envelope), service=service, action=action, region=place,
        account=_text(record, "recipientAccountId"), event_version=_text(record, "eventVersion"),
        event_type=_text(record, "eventType"), read_only=flag(record.get("readOnly", envelope.get("ReadOnly"))),
        error_code=_text(record, "errorCode") or ("unnamed" if record.get("errorMessage") else ""),
        user_agent=agent(_text(record, "userAgent", cut=2000)), source_service=_service(_text(record, "sourceIPAddress")),
        invoked_by=_service(_text(who, "invokedBy")) or ("other" if who.get("invokedBy") else ""),
        from_console=_from_console(record), identity=_text(who, "type"), principal=_principal(who),
        session=_session_kind(session), human_session=_human_session(who, session), federated_provider=_provider(who),
        resource=_resource(envelope), page=page,
    )  # fmt: skip


def flag(value: object) -> bool | None:
    """A yes or no as CloudTrail writes it, boolean or text; None for anything else.

    The record has booleans, LookupEvents around it and log tables have text; `bool("false")` would be true.
    """
    if value is True or value == "true":
        return True
    return False if value is False or value == "false" else None


def agent(text: str) -> str:
    """A user agent reduced to its product tokens, in order: `name/1.2.3`, or `name/` where the rest is free text.

    Pipelines append run ids and people's names (`TF_APPEND_USER_AGENT`); none of that is kept.
    Source: https://github.com/hashicorp/aws-sdk-go-base (the appended part).
    """
    found = []
    for word in re.split(r"[\s()\[\];,]+", text):
        if _SERVICE.fullmatch(word):
            found.append(word)
        elif match := _PRODUCT.fullmatch(word):
            name, value = match.groups()
            if not any(len(part) > _LONGEST_WORD and re.search(r"\d", part) for part in re.split(r"[._-]", name)):
                found.append(f"{name}/{_value(name, value)}")
    kept = "AWS Internal" if text.strip() == "AWS Internal" else " ".join(found)
    return kept[:_AGENT_CUT]


def _value(name: str, value: str) -> str:
    if name in _WORDY:
        return value if _WORD.fullmatch(value) else ""
    match = _NUMBER.match(value)
    return match[0] if match else ""


def _record(text: object) -> dict[str, Any] | None:
    import orjson

    try:
        record = orjson.loads(text) if isinstance(text, str | bytes) else None
    except orjson.JSONDecodeError:
        return None
    return record if isinstance(record, dict) else None


def _part(record: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    for key in path:
        value = record.get(key)
        if not isinstance(value, dict):
            return {}
        record = value
    return record


def _text(record: Mapping[str, Any], key: str, cut: int = 160) -> str:
    value = record.get(key)
    return value[:cut] if isinstance(value, str) else ""


def _time(record: Mapping[str, Any], envelope: Mapping[str, Any]) -> str:
    """When it was recorded: the record says so in UTC; LookupEvents around it in local time, with its offset."""
    if _ISO.fullmatch(_text(record, "eventTime")):
        return _text(record, "eventTime")
    when = envelope.get("EventTime")
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if when is not None else ""


def _from_console(record: Mapping[str, Any]) -> bool | None:
    if "sessionCredentialFromConsole" in record:
        return flag(record["sessionCredentialFromConsole"])
    version = _VERSION.match(_text(record, "eventVersion"))
    return False if version and (int(version[1]), int(version[2])) >= _CONSOLE_SINCE else None


def _service(value: str) -> str:
    return value if _SERVICE.fullmatch(value) else ""


def _principal(who: Mapping[str, Any]) -> str:
    """The role, with its path; never a user."""
    issuer = _part(who, "sessionContext", "sessionIssuer")
    arn = _text(issuer, "arn").partition(":role/")[2]
    assumed = re.search(r":assumed-role/([^/]+)/", _text(who, "arn"))
    name = arn or (_text(issuer, "userName") if issuer.get("type") == "Role" else "") or (assumed[1] if assumed else "")
    return "" if "@" in name else name


def _session_name(who: Mapping[str, Any]) -> str:
    named = re.search(r":assumed-role/[^/]+/(.+)", _text(who, "arn", cut=400))
    return named[1] if named else _text(who, "principalId").partition(":")[2]


def _session_kind(name: str) -> str:
    return next((kind for kind, pattern in _SESSIONS if pattern.fullmatch(name)), "")


def _human_session(who: Mapping[str, Any], name: str) -> bool | None:
    if _text(who, "type") not in ("AssumedRole", "FederatedUser"):
        return False
    if not name:
        return None
    return not _session_kind(name) and re.fullmatch(r"[^@\s]+@[^@\s]+", name) is not None


def _provider(who: Mapping[str, Any]) -> str:
    named = _text(_part(who, "sessionContext", "webIdFederationData"), "federatedProvider") or _text(who, "identityProvider")
    host = _HOST.match(named.rpartition(":oidc-provider/")[2])
    return host[0].lower() if host else ""


def _resource(envelope: Mapping[str, Any]) -> str:
    """The first resource that LookupEvents names; users and keys by their type only."""
    for entry in envelope.get("Resources") or ():
        kind, name = str(entry.get("ResourceType") or ""), str(entry.get("ResourceName") or "")
        if not kind:
            continue
        personal = "User" in kind or "@" in name or ":assumed-role/" in name or ":user/" in name or _ACCESS_KEY.search(name)
        return kind if personal or not name else f"{kind}/{name}"[:200]
    return ""
