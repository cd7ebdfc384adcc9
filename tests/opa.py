"""An OPA server for tests, on a free loopback port, ended with the block."""

from __future__ import annotations

import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

START_SECONDS = 20.0


@contextmanager
def opa_server(opa: Path, folder: Path, *arguments: str, ca: Path | None = None) -> Iterator[str]:
    """The address of a running server, over TLS where its certificate is given. It makes no request of its own (`--disable-telemetry`)."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    url = f"{'https' if ca else 'http'}://127.0.0.1:{port}"
    command = [str(opa), "run", "--server", "--addr", f"127.0.0.1:{port}", "--disable-telemetry", "--log-level", "error"]
    command += arguments
    with (folder / "opa.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log, cwd=folder) as process:
        try:
            deadline = time.monotonic() + START_SECONDS
            while not _answers(url, ca):
                in_time = process.poll() is None and time.monotonic() < deadline
                assert in_time, (folder / "opa.log").read_text()
                time.sleep(0.02)
            yield url
        finally:
            process.terminate()


def _answers(url: str, ca: Path | None) -> bool:
    with suppress(OSError, urllib.error.URLError):
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            *([urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=str(ca)))] if ca else []),
        )
        with opener.open(f"{url}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    return False
