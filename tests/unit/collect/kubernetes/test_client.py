"""Paging, limits and refusals, against a server that answers what the test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from assess.collect.kubernetes import client as module
from assess.collect.kubernetes.client import Client, Collection, Refused
from assess.errors import IncompleteError
from assess.model.gap import GapReason

DEPLOYMENTS = Collection("apps", "v1", "deployments", "Deployment", "/apis/apps/v1/deployments", metadata_only=True)
Answer = tuple[int, dict[str, str], Any]
Serve = Callable[..., Client]


class _Server(ThreadingHTTPServer):
    answers: list[Answer]
    asked: list[tuple[str, dict[str, str]]]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        status, headers, body = self.server.answers.pop(0)
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        """Nothing is logged."""


@pytest.fixture
def server() -> Iterator[_Server]:
    made = _Server(("127.0.0.1", 0), _Handler)
    made.answers, made.asked = [], []
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


@pytest.fixture
def client(server: _Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}}],
        "users": [{"name": "u", "user": {"token": "s3cret"}}],
        "contexts": [{"name": "prod", "context": {"cluster": "c", "user": "u"}}],
    }
    (tmp_path / "config").write_text(yaml.safe_dump(config))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    return Client.connect("prod")


def page(*names: str, following: str = "") -> Answer:
    return 200, {}, {"metadata": {"continue": following}, "items": [{"metadata": {"name": n, "uid": n}} for n in names]}


def names(client: Client) -> list[str]:
    return [one["metadata"]["name"] for objects in client.pages(DEPLOYMENTS) for one in objects]


def test_pages_are_followed_and_ask_for_metadata_only(server: _Server, client: Client) -> None:
    server.answers += [page("a", "b", following="t/1"), page("c")]
    objects = [one for part in client.pages(DEPLOYMENTS) for one in part]
    assert [(o["apiVersion"], o["kind"], o["metadata"]["name"]) for o in objects] == [("apps/v1", "Deployment", n) for n in "abc"]
    assert [path for path, _ in server.asked] == [
        "/apis/apps/v1/deployments?limit=500",
        "/apis/apps/v1/deployments?limit=500&continue=t%2F1",
    ]
    assert "PartialObjectMetadataList" in server.asked[0][1]["accept"]
    assert server.asked[0][1]["authorization"] == "Bearer s3cret"


def test_an_expired_continuation_starts_again_without_counting_twice(server: _Server, client: Client) -> None:
    server.answers += [page("a", "b", following="t1"), (410, {}, {}), page("a", "b", following="t2"), page("c")]
    assert names(client) == ["a", "b", "c"]


def test_it_starts_again_twice_and_then_says_so(server: _Server, client: Client) -> None:
    server.answers += [page("a", following="t"), (410, {}, {})] * 3
    with pytest.raises(Refused) as refused:
        names(client)
    assert refused.value.status == 410


def test_a_busy_server_is_asked_again(server: _Server, client: Client) -> None:
    server.answers += [(429, {"Retry-After": "0"}, {}), page("a")]
    assert names(client) == ["a"]


def test_a_busy_server_is_not_asked_for_ever(server: _Server, client: Client) -> None:
    server.answers += [(429, {"Retry-After": "0"}, {})] * 3
    with pytest.raises(Refused) as refused:
        names(client)
    assert (refused.value.status, len(server.asked)) == (429, 3)


def test_the_wait_a_server_asks_for_is_bounded(server: _Server, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(module.time, "sleep", waited.append)
    server.answers += [(429, {"Retry-After": "86400"}, {}), page("a")]
    assert (names(client), waited) == (["a"], [10.0])


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((403, {}, {"message": "no"}), GapReason.NO_PERMISSION),
        ((500, {}, {}), GapReason.ERROR),
        ((200, {}, b"<html>"), GapReason.ERROR),
        ((200, {}, []), GapReason.ERROR),
        ((302, {"Location": "http://127.0.0.1:1/"}, {}), GapReason.ERROR),
    ],
)
def test_what_is_no_list_is_refused(server: _Server, client: Client, answer: Answer, reason: GapReason) -> None:
    server.answers += [answer]
    with pytest.raises(Refused) as refused:
        names(client)
    assert refused.value.reason is reason
    assert "s3cret" not in str(refused.value)


def test_an_answer_without_end_is_cut(server: _Server, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 1000)
    server.answers += [(200, {}, b" " * 5000)]
    with pytest.raises(Refused) as refused:
        names(client)
    assert refused.value.reason is GapReason.TOO_LARGE


def test_a_page_that_comes_again_ends_the_list(server: _Server, client: Client) -> None:
    server.answers += [page("a", following="t"), page("b", following="t")]
    with pytest.raises(Refused, match="repeats"):
        names(client)


def test_time_is_bounded_for_the_whole_cluster(server: _Server, client: Client) -> None:
    spent = Client(client._pool, client._host, client._authorization, seconds=0)
    with pytest.raises(Refused) as refused:
        names(spent)
    assert (refused.value.reason, server.asked) == (GapReason.TRUNCATED, [])


def test_a_kubeconfig_that_is_no_yaml_is_not_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").write_text("users: [{token: s3cret\n")
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    with pytest.raises(IncompleteError) as error:
        Client.connect("prod")
    assert "s3cret" not in str(error.value)
