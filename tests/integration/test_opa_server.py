"""An OPA server as an evaluator: what counts as no answer, what is touched on it, and over TLS with a token."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from assess.policy.engine import EngineFailed
from assess.policy.rego import server as rego_server
from assess.policy.rego.catalogue import Catalogue, load
from tests.opa import opa_server
from tests.serving import serving

ASKED = b'{"documents":[]}'
Answer = tuple[int, str, bytes]
"""Status, content type, body."""


@contextmanager
def pretending(answer: Callable[[str, str], Answer | None]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """A server that answers each method and path as it is told to (None: it hangs up), and the requests that it got."""
    seen: list[tuple[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answered(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            seen.append((self.command, self.path))
            told = answer(self.command, self.path)
            if told is None:
                self.close_connection = True
                return
            status, kind, body = told
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", kind)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_POST = do_DELETE = answered

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as server:
        yield f"http://127.0.0.1:{server.server_address[1]}", seen


def put_then(answer: Answer | None) -> Callable[[str, str], Answer | None]:
    """Takes every policy, and answers questions as told."""
    return lambda method, path: (200, "application/json", b"{}") if method == "PUT" else answer


JSON = "application/json"
NO_ANSWERS: dict[str, Answer | None] = {
    "undefined": (200, JSON, b"{}"),
    "another shape": (200, JSON, b"[]"),
    "no JSON": (200, "text/html", b"<html>a proxy's page</html>"),
    "cut off": (200, JSON, b'{"result": {"0"'),
    "a missing rule": (404, JSON, b'{"code": "undefined_document"}'),
    "an error": (500, JSON, b'{"code": "internal_error"}'),
    "unavailable": (503, JSON, b"{}"),
    "not allowed": (401, JSON, b"{}"),
    "hangs up": None,
}


@pytest.mark.parametrize("how", NO_ANSWERS)
def test_what_is_no_answer_is_an_error(how: str) -> None:
    with pretending(put_then(NO_ANSWERS[how])) as (url, _):
        evaluate = rego_server.evaluator(load(), url)
        with pytest.raises(EngineFailed, match="OPA server"):
            evaluate(ASKED)


@pytest.mark.parametrize(
    "answer", [(500, JSON, b"[]"), (400, JSON, b'"x"'), (400, "text/html", b"<html>"), (403, JSON, b"{}"), (204, JSON, b""), None]
)
def test_a_server_that_does_not_take_the_policies_is_an_error(answer: Answer | None) -> None:
    with pretending(lambda method, path: answer) as (url, _), pytest.raises(EngineFailed, match="OPA server"):
        rego_server.evaluator(load(), url)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_no_answer_and_is_not_followed(status: int) -> None:
    with pretending(put_then((200, JSON, b'{"result": {}}'))) as (elsewhere, seen):
        with pretending(put_then((status, f"{elsewhere}/v1/data", b""))) as (url, _):
            evaluate = rego_server.evaluator(load(), url, token="s3cret-token")
            with pytest.raises(EngineFailed) as failed:
                evaluate(ASKED)
        with pretending(lambda method, path: (status, f"{elsewhere}/v1/policies/x", b"")) as (url, _), pytest.raises(EngineFailed):
            rego_server.evaluator(load(), url)
        assert seen == []
    assert "s3cret" not in str(failed.value)


def test_a_server_that_takes_too_long_is_an_error() -> None:
    waiting = threading.Event()

    def slow(method: str, path: str) -> Answer:
        if method == "POST":
            waiting.wait(20)
        return 200, JSON, b'{"result": {}}'

    with pretending(slow) as (url, _):
        evaluate = rego_server.evaluator(load(), url, seconds=0.3)
        before = time.monotonic()
        with pytest.raises(EngineFailed, match="did not answer"):
            evaluate(ASKED)
        waiting.set()
    assert time.monotonic() - before < 15


def test_only_paths_of_ours_are_asked_for() -> None:
    with pretending(put_then((200, JSON, b'{"result": {}}'))) as (url, seen):
        rego_server.evaluator(load(), url)(ASKED)
    assert all(path.startswith(("/v1/policies/idp_assess/v_", "/v1/data/idp_assess/v_")) for _, path in seen)
    assert {method for method, _ in seen} == {"PUT", "POST"}


OTHERS = {"team/rules.rego": "package team.rules\n\nallow := data.team.list", "idp.rego": "package idp\n\nx := 1"}


def told(url: str, path: str, method: str = "GET", body: bytes | None = None, **options: Any) -> Any:
    """What a server says of a path."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), *options.get("handlers", ()))
    with opener.open(urllib.request.Request(url + path, body, options.get("headers", {}), method=method), timeout=20) as answer:
        return json.loads(answer.read() or b"null")


def test_what_others_keep_on_a_server_stays_as_it_is(need_tool: Callable[[str], Path], tmp_path: Path) -> None:
    with opa_server(need_tool("opa"), tmp_path) as url:
        for name, text in OTHERS.items():
            told(url, f"/v1/policies/{name}", "PUT", text.encode())
        told(url, "/v1/data/team/list", "PUT", b"[1, 2]")
        before = told(url, "/v1/data")["result"]
        for _ in range(2):  # the second run finds its policies there
            rego_server.evaluator(load(), url)(ASKED)
        after = told(url, "/v1/data")["result"]
        names = {one["id"]: one["raw"] for one in told(url, "/v1/policies")["result"]}
    ours = after.pop("idp_assess")
    assert after == before
    assert {name: text for name, text in names.items() if not name.startswith("idp_assess/v_")} == OTHERS
    assert all(version.startswith("v_") for version in ours)


def certificates(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "opa of a test")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(5)
        .not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return folder / "cert.pem", folder / "key.pem"


AUTHORIZED = """\
package system.authz

default allow := false

allow if input.identity == "s3cret-token"

allow if input.path == ["health"]
"""


@pytest.fixture
def guarded(need_tool: Callable[[str], Path], tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a server over TLS that wants a token, and the certificate to know it by."""
    certificate, key = certificates(tmp_path)
    (tmp_path / "authz.rego").write_text(AUTHORIZED)
    flags = ["--authentication=token", "--authorization=basic", f"--tls-cert-file={certificate}", f"--tls-private-key-file={key}"]
    with opa_server(need_tool("opa"), tmp_path, *flags, str(tmp_path / "authz.rego"), ca=certificate) as url:
        yield url, certificate


def same(catalogue: Catalogue, text: bytes, answers: Any) -> bool:
    """Whether answers are those of this process."""
    from assess.policy.rego.wasm import evaluator
    from tests.agreement import canonical

    return bool(canonical(evaluator(catalogue)(text)) == canonical(answers))


def test_over_tls_with_a_token_the_verdicts_are_the_same(guarded: tuple[str, Path]) -> None:
    url, certificate = guarded
    text = json.dumps(
        {"documents": [{"kind": "github-workflow", "content": {"jobs": {"a": {"steps": [{"run": "terraform apply"}]}}}}]}
    ).encode()
    answers = rego_server.evaluator(load(), url, token="s3cret-token", ca=str(certificate))(text)
    assert answers["0"]
    assert same(load(), text, answers)


@pytest.mark.parametrize(("token", "known"), [("wrong-token", True), ("", True), ("s3cret-token", False)])
def test_a_wrong_token_and_an_unknown_certificate_are_errors(guarded: tuple[str, Path], token: str, known: bool) -> None:
    url, certificate = guarded
    with pytest.raises(EngineFailed) as failed:
        rego_server.evaluator(load(), url, token=token, ca=str(certificate) if known else "")
    assert "token" not in str(failed.value).replace("--", "")


def test_a_tls_server_is_not_spoken_to_in_the_clear(guarded: tuple[str, Path]) -> None:
    with pytest.raises(EngineFailed):
        rego_server.evaluator(load(), guarded[0].replace("https", "http"), token="s3cret-token")
