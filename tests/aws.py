"""An AWS account for tests: moto's server on loopback, and a layer that records every call as CloudTrail does.

moto keeps no event history, so `LookupEvents` is added to it here; records carry the real agent of the real call.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
ACCOUNT_ID = "123456789012"
REGION = "eu-west-1"
_READS = ("Get", "List", "Describe", "Head", "Lookup", "Assume")
_S3 = {
    ("PUT", False): "CreateBucket",
    ("DELETE", False): "DeleteBucket",
    ("PUT", True): "PutObject",
    ("DELETE", True): "DeleteObject",
}


@dataclass
class Account:
    """One account: `url` serves it, `calls` are the actions that were asked for, `events` its trail.

    identities: the `userIdentity` of an access key. refused: an action's error code, from its n-th call on.
    """

    url: str = ""
    identities: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: dict[str, tuple[str, int]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    def record(self, service: str, action: str, agent: str, identity: dict[str, Any] | None = None, **fields: Any) -> str:
        """The id of a new record, the newest so far. `fields` are added to it, or replace its own."""
        with self._lock:
            number = next(self._ids)
            record = {
                "eventVersion": "1.11", "userIdentity": identity or {"type": "IAMUser", "userName": "robin.vale"},
                "eventTime": (NOW - timedelta(days=2) + timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "eventSource": f"{service}.amazonaws.com", "eventName": action, "awsRegion": REGION,
                "sourceIPAddress": "203.0.113.7", "userAgent": agent, "readOnly": action.startswith(_READS),
                "eventType": "AwsApiCall", "recipientAccountId": ACCOUNT_ID,
                "eventID": f"00000000-0000-4000-8000-{number:012d}", **fields,
            }  # fmt: skip
            self.events.append(record)
        return str(record["eventID"])

    def lookup(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What LookupEvents answers: newest first, a page at a time.

        Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
        """
        wanted = {a["AttributeKey"]: a["AttributeValue"] for a in asked.get("LookupAttributes", ())}
        entries = [entry for record in reversed(self.events) if (entry := _entry(record))["ReadOnly"] == wanted["ReadOnly"]]
        entries = [e for e in entries if asked["StartTime"] <= e["EventTime"] <= asked["EndTime"]]
        start, size = int(asked.get("NextToken", 0)), min(asked.get("MaxResults", 50), 50)
        more = {"NextToken": str(start + size)} if start + size < len(entries) else {}
        return {"Events": entries[start : start + size], **more}


def _entry(record: dict[str, Any]) -> dict[str, Any]:
    when = datetime.strptime(record["eventTime"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return {
        "EventId": record["eventID"], "EventName": record["eventName"], "ReadOnly": json.dumps(record["readOnly"]),
        "EventTime": when.timestamp(), "EventSource": record["eventSource"], "Username": "robin.vale@shop.example",
        "AccessKeyId": "ASIAEXAMPLEEXAMPLE12", "CloudTrailEvent": json.dumps(record), "Resources": record.get("resources", []),
    }  # fmt: skip


class _Recording:
    """The WSGI layer around moto: refuses what is to be refused, and records the rest."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], account: Account) -> None:
        self.inner, self.account = inner, account

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        key, service = _signer(environ.get("HTTP_AUTHORIZATION", ""))
        action = _action(environ, body)
        self.account.calls.append(action)
        self.account.agents.append(environ.get("HTTP_USER_AGENT", ""))
        code, first = self.account.refused.get(action, ("", 0))
        if code and self.account.calls.count(action) >= first:
            return _refusal(code, "X-Amz-Target" if "HTTP_X_AMZ_TARGET" in environ else "", start_response)
        if service != "cloudtrail":
            self.account.record(service, action, environ.get("HTTP_USER_AGENT", ""), self.account.identities.get(key))
        return self.inner(environ, start_response)


def _signer(authorization: str) -> tuple[str, str]:
    """Access key and service of a signed request: `… Credential=KEY/DATE/REGION/SERVICE/aws4_request, …`."""
    parts = authorization.partition("Credential=")[2].partition(",")[0].split("/")
    return (parts[0], parts[3]) if len(parts) == 5 else ("", "s3")


def _action(environ: dict[str, Any], body: bytes) -> str:
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return str(target).rpartition(".")[2]
    if named := parse_qs(body.decode("latin-1")).get("Action"):
        return named[0]
    method, inside = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "").strip("/").count("/") > 0
    if environ.get("QUERY_STRING", "").startswith("x-id="):
        return str(parse_qs(environ["QUERY_STRING"])["x-id"][0])
    return _S3.get((method, inside), f"{method.title()}Bucket")


def _refusal(code: str, json_protocol: str, start_response: Callable[..., Any]) -> list[bytes]:
    message = "User: arn:aws:sts::123456789012:assumed-role/reader/robin.vale@shop.example is not authorized"
    if json_protocol:
        start_response("400 Bad Request", [("Content-Type", "application/x-amz-json-1.1")])
        return [json.dumps({"__type": code, "message": message}).encode()]
    start_response("403 Forbidden", [("Content-Type", "text/xml")])
    return [f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>".encode()]


@contextmanager
def served() -> Iterator[Account]:
    """An account served on a free port of loopback while the block runs."""
    from moto.cloudtrail.responses import CloudTrailResponse
    from moto.moto_api._internal.models import moto_api_backend
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log(self, *_: Any) -> None:
            """Nothing: a test's output is its own."""

    moto_api_backend.reset()  # moto keeps one state for the whole process
    account = Account()
    CloudTrailResponse.lookup_events = lambda self: json.dumps(account.lookup(json.loads(self.body)))  # type: ignore[attr-defined]
    application = _Recording(DomainDispatcherApplication(create_backend_app), account)
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)
    account.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield account
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
        del CloudTrailResponse.lookup_events  # type: ignore[attr-defined]
