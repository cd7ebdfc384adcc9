"""Paged, bounded reads from one API server, as raw JSON, with the connection that a kubeconfig context describes.

The client library gives connection, trust and credentials (exec plugins too); its typed models are left aside, for
they cost a hundred times as much (notes/change-channels.md section 2.4).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assess import __version__
from assess.errors import IncompleteError
from assess.model.gap import GapReason

Json = dict[str, Any]

REQUEST_SECONDS = 30.0
CLUSTER_SECONDS = 600.0
MAX_BYTES = 256_000_000
"""Of one answer; a page of objects stays far below, since etcd holds 1.5 MB an object."""
_METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
_TRIES = 3
_LONGEST_WAIT = 10.0
_RESTARTS = 2


class Refused(Exception):
    """A request that brought no answer to use: the HTTP status (0: none came), the reason, and what is wrong."""

    def __init__(self, status: int, reason: GapReason, what: str) -> None:
        self.status, self.reason, self.what = status, reason, what
        super().__init__(what)


@dataclass(frozen=True, slots=True)
class Collection:
    """A resource whose objects are listed. path: where the API serves it."""

    group: str
    version: str
    resource: str
    kind: str
    path: str
    metadata_only: bool = False


class Client:
    """One API server, until its deadline.

    Errors: IncompleteError from `connect`; every other method raises `Refused`.
    """

    def __init__(self, pool: Any, host: str, authorization: Any, seconds: float = CLUSTER_SECONDS) -> None:
        self._pool, self._host, self._authorization = pool, host.rstrip("/"), authorization
        self._deadline = time.monotonic() + seconds

    @classmethod
    def connect(cls, context: str) -> Client:
        """A client for a context of the kubeconfig files ($KUBECONFIG, else ~/.kube/config); no request is made yet.

        Errors: IncompleteError where there is no such context, or the files cannot be used.
        """
        import yaml
        from kubernetes import config as library
        from kubernetes.config.config_exception import ConfigException

        config: Any = library
        files = os.environ.get("KUBECONFIG") or "~/.kube/config"
        fix = "`kubectl config get-contexts` lists the contexts; $KUBECONFIG names the files."
        try:
            api = config.new_client_from_config(config_file=files, context=context, persist_config=False)
        except ConfigException as error:
            raise IncompleteError(f"no cluster can be reached by this context: {error}", f"kubernetes:{context}", fix) from None
        except (yaml.YAMLError, OSError, ValueError, TypeError, KeyError, AttributeError) as error:  # its text may hold a token
            what = f"the kubeconfig cannot be read ({type(error).__name__})"
            raise IncompleteError(what, f"kubernetes:{context}", fix) from None
        return cls(api.rest_client.pool_manager, api.configuration.host, lambda: _authorization(api.configuration))

    def get(self, path: str, accept: str = "application/json") -> Json:
        """The JSON object at an API path.

        Errors: Refused; after 429 and 503 it waits as the server says, at most 10 s, and asks three times in all.
        """
        for attempt in range(1, _TRIES + 1):
            status, retry_after, body = self._ask(path, accept)
            if status not in (429, 503) or attempt == _TRIES:
                break
            wait = min(_seconds(retry_after, attempt), _LONGEST_WAIT)
            if time.monotonic() + wait >= self._deadline:
                raise Refused(0, GapReason.TRUNCATED, "the time for this cluster is used up")
            time.sleep(wait)
        if status != 200:
            reason = GapReason.NO_PERMISSION if status in (401, 403) else GapReason.ERROR
            raise Refused(status, reason, f"the server answers {status}")
        return _decoded(body)

    def pages(self, collection: Collection) -> Iterator[list[Json]]:
        """The objects of a collection, page by page, each with its apiVersion and kind.

        Errors: Refused, also after some pages. An expired continuation (410) starts the list again, and yields only
        what did not come before.
        """
        size, accept = (500, _METADATA) if collection.metadata_only else (100, "application/json")
        seen: set[str] = set()
        restarts, token = 0, ""
        while True:
            try:
                answer = self.get(f"{collection.path}?limit={size}{_continue(token)}", accept)
            except Refused as refused:
                if refused.status != 410 or not token or restarts == _RESTARTS:
                    raise
                restarts, token = restarts + 1, ""
                continue
            yield list(_fresh(answer, collection, seen))
            following = answer.get("metadata", {}).get("continue") if isinstance(answer.get("metadata"), dict) else ""
            if not following:
                return
            if following == token:
                raise Refused(0, GapReason.TRUNCATED, "the server repeats a page")
            token = str(following)

    def _ask(self, path: str, accept: str) -> tuple[int, str, bytes]:
        """Status, Retry-After and body of one request; bounded in time and size, however slowly the server sends."""
        import urllib3

        now = time.monotonic()
        ends = min(now + REQUEST_SECONDS, self._deadline)
        if ends <= now:
            raise Refused(0, GapReason.TRUNCATED, "the time for this cluster is used up")
        headers = {"Accept": accept, "Accept-Encoding": "gzip", "User-Agent": f"idp-assess/{__version__}"}
        if secret := self._authorization():
            headers["Authorization"] = secret
        timeout = urllib3.Timeout(connect=min(10.0, ends - now), read=ends - now)
        try:
            answer = self._pool.request(
                "GET", self._host + path, headers=headers, timeout=timeout, retries=False, redirect=False, preload_content=False
            )
            try:
                return answer.status, answer.headers.get("Retry-After", ""), _body(answer, ends)
            finally:
                answer.close()
                answer.release_conn()
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise Refused(0, GapReason.ERROR, f"the server cannot be reached ({type(error).__name__})") from None


def _authorization(configuration: Any) -> str:
    """The Authorization header, refreshed where the context's credentials expire; empty with client certificates."""
    settings = configuration.auth_settings().values()
    return next((str(s["value"]) for s in settings if s.get("in") == "header" and s.get("value")), "")


def _body(answer: Any, ends: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := answer.read1(1 << 20, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > MAX_BYTES:
            raise Refused(0, GapReason.TOO_LARGE, f"an answer is larger than {MAX_BYTES} bytes")
        if time.monotonic() > ends:
            raise Refused(0, GapReason.TRUNCATED, f"an answer was not complete after {REQUEST_SECONDS:.0f} s")
    return b"".join(parts)


def _decoded(body: bytes) -> Json:
    import orjson

    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Refused(0, GapReason.ERROR, "an answer is not JSON") from None
    if not isinstance(value, dict):
        raise Refused(0, GapReason.ERROR, "an answer is no JSON object")
    return value


def _fresh(answer: Json, collection: Collection, seen: set[str]) -> Iterator[Json]:
    version = f"{collection.group}/{collection.version}"
    for one in answer.get("items") or ():
        metadata = one.get("metadata") if isinstance(one, dict) else None
        if not isinstance(metadata, dict):
            continue
        uid = str(metadata.get("uid") or (metadata.get("namespace"), metadata.get("name")))
        if uid not in seen:
            seen.add(uid)
            yield {**one, "apiVersion": version, "kind": collection.kind}


def _continue(token: str) -> str:
    from urllib.parse import quote

    return f"&continue={quote(token, safe='')}" if token else ""


def _seconds(retry_after: str, attempt: int) -> float:
    """Seconds to wait; Kubernetes sends whole seconds, where nothing usable stands it is one more each time."""
    return float(retry_after) if retry_after.isdigit() else float(attempt)
