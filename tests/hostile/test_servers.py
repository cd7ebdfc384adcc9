"""Servers that mean harm: what they say ends in time, stays in its directory, runs nothing and is not shown as it is."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

import orjson
import pytest

from assess.collect.forge import api
from assess.collect.forge.listing import Listing, listed
from assess.collect.git import transfer
from assess.model.assessment import Assessment
from assess.report.render import RENDERERS, render
from assess.report.text import visible
from assess.request import Request, split_target
from assess.run import assess, observe
from tests.hostile.conftest import HEALTHY
from tests.hostile.raw import Raw
from tests.hostile.test_configuration import armed
from tests.worlds import commit

Answers = Callable[[str, str], Iterator[bytes]]
"""Method and path → the body, in pieces, which need not end."""
OID = "1" * 40
ACTED_ON = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What drives a terminal, or reorders what a person reads."""


@contextmanager
def serving(answers: Answers, kind: str, headers: dict[str, str] | None = None, status: int = 200) -> Iterator[str]:
    """A server on loopback that answers anything with the same; its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def _answer(self) -> None:
            with suppress(OSError):
                if self.headers.get("Transfer-Encoding") == "chunked":
                    while size := int(self.rfile.readline(), 16):
                        self.rfile.read(size + 2)
                    self.rfile.readline()
                else:
                    self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.send_response(status)
                post = self.command == "POST"
                self.send_header("Content-Type", kind.replace("advertisement", "result") if post else kind)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for piece in answers(self.command, self.path):
                    if stopped.is_set():
                        break
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                self.wfile.write(b"0\r\n\r\n")

        do_GET = do_POST = _answer

    stopped = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def line(data: bytes) -> bytes:
    """A pkt-line. Source: https://git-scm.com/docs/gitprotocol-common"""
    return b"%04x%s" % (len(data) + 4, data)


def refs(names: list[bytes], more: bytes = b"") -> bytes:
    """What a server says that it has."""
    rows = [OID.encode() + b" " + name for name in names]
    first = rows[0] + b"\0 side-band-64k ofs-delta" + more
    return line(b"# service=git-upload-pack\n") + b"0000" + line(first + b"\n") + b"".join(line(row + b"\n") for row in rows[1:]) + b"0000"


GIT = "application/x-git-upload-pack-advertisement"
MAIN = [b"HEAD", b"refs/heads/main"]


def beside(tmp_path: Path, address: str) -> Assessment:
    """A run over an address with a healthy clone beside it, which came out as it should; nothing was left elsewhere."""
    healthy = commit(tmp_path / "healthy", HEALTHY)
    request = Request(targets=(f"{address}/acme/shop.git", str(healthy)), clones=tmp_path / "clones")
    found = assess(request, observe(request))
    assert [(unit.path, unit.declared) for unit in found.units if unit.target == "healthy"] in ([("infra", (3, 3))], [("infra", (3, 5))])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clones", "healthy"]
    assert not list((tmp_path / "clones").rglob("HEAD")), "half a clone was left"
    return found


def why(found: Assessment) -> str:
    """Why the address was not read."""
    (target,) = (target for target in found.targets if target.label != "healthy")
    assert not target.read
    return " ".join(gap.what for gap in found.gaps if gap.at.target == target.label)


def endless(command: str, piece: bytes, first: bytes = b"") -> Answers:
    """An answer to a POST that goes on for ever."""

    def answers(method: str, _path: str) -> Iterator[bytes]:
        if method == "GET":
            yield refs(MAIN, b" symref=HEAD:refs/heads/main")
            return
        yield line(b"NAK\n") + first
        while True:
            yield piece

    return answers


@pytest.mark.parametrize(
    ("piece", "first"),
    [
        (line(b"\2still at it\r"), b""), (line(b"\2\x1b[2J\x1b[31m" + b"x" * 60_000), b""),
        (line(b"\1" + b"\0" * 60_000), line(b"\1PACK\0\0\0\2\x7f\xff\xff\xff")), (line(b"\1" + b"x" * 60_000), b""),
    ],
    ids=["progress", "long progress", "objects", "no pack"],
)  # fmt: skip
def test_an_answer_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: bytes, first: bytes) -> None:
    monkeypatch.setattr(transfer, "MAX_SECONDS", 1.0)
    monkeypatch.setattr(transfer, "MAX_BYTES", 20_000_000)
    with serving(endless("POST", piece, first), GIT) as address:
        assert why(beside(tmp_path, address))


@pytest.mark.parametrize(
    "names",
    [
        [b"refs/heads/\x1b[31mred"], [b"refs/heads/\xe2\x80\xaemain"], [b"refs/heads/" + b"x" * 60_000], [b"refs/heads/../../../x"], [b"../../config"],
        [b"HEAD", b"refs/heads/a b"], [b"refs/heads/main.lock"], [b"refs/heads/main", b"refs/heads/main"], [*MAIN, b"refs/heads/main/x"],
        [*MAIN, *(b"refs/tags/v%d.0.0" % number for number in range(20_000))],
    ],
    ids=lambda names: repr(names[-1][:24]),
)  # fmt: skip
def test_names_that_a_server_makes_up(tmp_path: Path, names: list[bytes]) -> None:
    with serving(lambda _method, _path: iter([refs(names)]), GIT) as address:
        said = why(beside(tmp_path, address))
    assert said
    assert not ACTED_ON.search(visible(said))


def test_refs_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """libgit2 takes them all and asks nobody: the memory that the list may have is where it ends, as a gap with the number."""
    monkeypatch.setattr(transfer, "LISTING", 30_000_000)

    def answers(_method: str, _path: str) -> Iterator[bytes]:
        yield refs(MAIN)[:-4]
        for number in count():
            yield b"".join(line(b"%s refs/tags/v%d.%d\n" % (OID.encode(), number, part)) for part in range(1_000))

    with serving(answers, GIT) as address:
        assert "30000000 bytes" in why(beside(tmp_path, address))


def test_more_refs_than_may_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "MAX_REFS", 10)
    names = [*MAIN, *(b"refs/tags/v%d" % number for number in range(20))]
    with serving(lambda _method, _path: iter([refs(names)]), GIT) as address:
        assert "22 refs, the cap is 10" in why(beside(tmp_path, address))


@pytest.mark.parametrize("scheme", ["file", "ext", "ssh", "git", "gopher", "data", "http://[::1", "//"])
def test_a_server_that_sends_to_another_scheme(tmp_path: Path, scheme: str) -> None:
    """To a repository on this machine, too: it is not read, and nothing is run."""
    stolen = Raw(tmp_path.parent / f"{tmp_path.name}-stolen")
    stolen.commit(stolen.files({"stolen/main.tf": HEALTHY["infra/main.tf"]}))
    to = {"file": f"file://{stolen.path}", "ext": f"ext::sh -c 'touch {tmp_path}/ran'", "ssh": "ssh://127.0.0.1:1/x"}.get(
        scheme, f"{scheme}://127.0.0.1:1/x"
    )
    with serving(lambda _method, _path: iter([b""]), GIT, {"Location": to}, 302) as address:
        found = beside(tmp_path, address)
    assert why(found)
    assert "stolen" not in {unit.path for unit in found.units}


def test_a_local_repository_that_is_armed(tmp_path: Path) -> None:
    """By `file://`: none of the programs that it names for a fetch is run, and none comes along into the clone."""
    canary = tmp_path / "ran" / "canary"
    canary.parent.mkdir()
    raw = armed(tmp_path / "sick", canary, bare=True)
    request = Request(targets=(f"file://{raw.path}",), clones=tmp_path / "clones")
    found = assess(request, observe(request))
    assert [unit.path for unit in found.units] == ["infra"]
    assert not canary.exists()
    (config,) = (tmp_path / "clones").rglob("config")
    assert "touch" not in config.read_text()


# --- listings -----------------------------------------------------------------------------------------------------------

ODD = [
    "\x1b[31mred", "a\u202eb", "..", "../../x", "/etc", "-rf", "a\nb", "a\0b", "[/]", "<script>", "$(touch x)", "a" * 100_000, "", " ", "a/../../b", "é", "\ud800",
]  # fmt: skip
ADDRESSES = [
    "{web}/{name}.git", "{name}", "file:///etc", "ext::sh -c touch", "javascript:alert(1)", "http://127.0.0.1:1/{name}", "{web}:1/x", "{web}/../../{name}",
    "{web}", "ssh://-oProxyCommand=touch/x", "{web}/a?token=x#y", "{web}@evil.example/x", "{web}/%2e%2e/%2e%2e/x",
]  # fmt: skip


@pytest.fixture
def gitlab(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Answers, dict[str, str]], Listing]:
    """A function that lists `gitlab:acme` from a server that answers so."""

    def run(answers: Answers, headers: dict[str, str]) -> Listing:
        with serving(answers, "application/json", headers) as web:
            request = Request(targets=("gitlab:acme",), clones=tmp_path / "clones")
            return listed(split_target("gitlab:acme"), request, {"GITLAB_HOST": web}, sleep=lambda _: None)

    return run


def project(web: str, address: str, name: str) -> dict[str, Any]:
    name = name.encode("utf-8", "replace").decode()
    return {
        "path_with_namespace": name,
        "http_url_to_repo": address.format(web=web, name=name),
        "web_url": "javascript:x",
        "archived": False,
    }


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_listing_of_odd_names(gitlab: Callable[..., Listing], tmp_path: Path, address: str) -> None:
    """What is fetched is on the server that was named, lies below the directory of clones, and has a label that can be shown."""
    from assess.collect.git import fetch
    from assess.model.address import parse

    def answers(_method: str, _path: str) -> Iterator[bytes]:
        yield orjson.dumps([project("http://127.0.0.1:9", address, name) for name in ODD])

    found = gitlab(answers, {})
    for one in found.repositories:
        where = parse(one.address)
        assert where is not None
        assert where.scheme == "http"
        place = fetch.place(where, tmp_path / "clones")
        assert ".." not in place.parts
        assert place.resolve().is_relative_to((tmp_path / "clones").resolve())
        assert one.label.isprintable()
    assert found.seen is not None
    assert found.seen.gaps


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"[" * 1_000_000, {}), (b'[{"path_with_namespace": 7, "http_url_to_repo": []}]', {}), (b'{"message": "\\u001b[31m"}', {}), (b"[null]", {}), (b"7", {}),
        (b"[]", {"Link": '<http://127.0.0.1:1/x>; rel="next"'}), (b"[]", {"Link": '<file:///etc/passwd>; rel="next"'}), (b"[]", {"Link": "<,;" * 20_000}),
        (b'[{"x": ' + b"9" * 100_000 + b"}]", {}), (b"\xff\xfe[\0]\0", {}),
    ],
    ids=range(10),
)  # fmt: skip
def test_an_answer_that_is_no_list(gitlab: Callable[..., Listing], body: bytes, headers: dict[str, str]) -> None:
    found = gitlab(lambda _method, _path: iter([body]), headers)
    assert found.seen is not None
    assert found.seen.gaps
    assert not found.repositories


def test_a_list_without_end(gitlab: Callable[..., Listing], monkeypatch: pytest.MonkeyPatch) -> None:
    """One answer that goes on, and pages that do: each ends at its cap."""
    monkeypatch.setattr(api, "MAX_ANSWER", 2_000_000)

    def body(_method: str, _path: str) -> Iterator[bytes]:
        yield b"["
        while True:
            yield b'{"path_with_namespace": "acme/x"},' * 1_000

    found = gitlab(body, {})
    assert found.seen is not None
    assert not found.seen.target.read


@pytest.mark.parametrize("format", RENDERERS)
def test_nothing_of_a_listing_is_shown_as_it_is(gitlab: Callable[..., Listing], format: str) -> None:
    """Names that are left out are named in a gap: in every report without what a terminal or browser acts on."""

    def answers(_method: str, _path: str) -> Iterator[bytes]:
        yield orjson.dumps([{**project("", "{name}", f"{name}\x1b[31m\u202e\x9b"), "archived": True} for name in ODD[:5]])

    found = gitlab(answers, {})
    assert found.seen is not None
    text = render(assess(Request(targets=()), [found.seen]), format)
    assert "left out" in text
    assert not ACTED_ON.search(text)
