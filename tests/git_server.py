"""A Git server on loopback for tests: git's own `http-backend` behind a small HTTP server that can ask, refuse and misbehave."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.serving import serving


class GitServer(ThreadingHTTPServer):
    """Serves every repository below a folder. asked: each request as `METHOD PATH`; shown: the credentials that came, `user:secret`."""

    daemon_threads = True

    def __init__(self, root: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.root = root
        self.wants = ""
        """The `user:secret` without which nothing is served."""
        self.sends_to = ""
        """Where every request is sent instead: an address up to its path."""
        self.cuts = 0
        """Answers to a POST end after so many bytes."""
        self.says = b""
        """What is answered to whoever asks for refs, instead of the truth."""
        self.asked: list[str] = []
        self.shown: list[str] = []

    @property
    def host(self) -> str:
        """The host and port, as an address has them."""
        return f"127.0.0.1:{self.server_port}"

    def url(self, name: str) -> str:
        """The address of a repository."""
        return f"http://{self.host}/{name}"

    @property
    def packs(self) -> int:
        """How many packs were asked for."""
        return sum(one.startswith("POST") for one in self.asked)


class _Handler(BaseHTTPRequestHandler):
    server: GitServer

    def log_message(self, *_: object) -> None:
        """Nothing: a test has its own words."""

    def do_GET(self) -> None:
        """Refs."""
        self._answer(b"")

    def do_POST(self) -> None:
        """Packs."""
        self._answer(self._body())

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _answer(self, body: bytes) -> None:
        server = self.server
        server.asked.append(f"{self.command} {self.path}")
        given = self.headers.get("Authorization", "")
        pair = base64.b64decode(given.removeprefix("Basic ")).decode() if given.startswith("Basic ") else ""
        server.shown += [pair] if pair else []
        if server.sends_to:
            self._send(302, {"Location": server.sends_to + self.path}, b"")
        elif server.wants and pair != server.wants:
            self._send(401, {"WWW-Authenticate": 'Basic realm="git"'}, b"")
        elif server.says and self.command == "GET":
            self._send(200, {"Content-Type": "application/x-git-upload-pack-advertisement"}, server.says)
        else:
            self._backend(body)

    def _backend(self, body: bytes) -> None:
        path, _, query = self.path.partition("?")
        environment = {
            "PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": str(self.server.root), "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": path,
            "QUERY_STRING": query, "REQUEST_METHOD": self.command, "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""), "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
        }  # fmt: skip
        done = subprocess.run(["git", "http-backend"], input=body, env=environment, capture_output=True, timeout=60, check=False)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        status = int(headers.pop("Status", "200").split()[0])
        self._send(status, headers, content)

    def _send(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        cut = self.server.cuts if self.command == "POST" else 0
        self.wfile.write(content[:cut] if cut else content)
        if cut:
            self.close_connection = True


@contextmanager
def git_server(root: Path) -> Iterator[GitServer]:
    """A running server, ended with the block."""
    with serving(GitServer(root)) as server:
        yield server
