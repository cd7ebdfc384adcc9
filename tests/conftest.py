"""What many tests share: repositories written in the test, and the tools that `make tools` builds."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.worlds import commit

ROOT = Path(__file__).parent.parent
settings.register_profile("busy", deadline=None)
settings.load_profile("busy")
"""What a property costs is no part of it: a machine that does other things besides is slow now and then."""

LOOPBACK = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "", None}


def _no_network(event: str, arguments: tuple[object, ...]) -> None:
    """No test talks to anything but this machine; .ci/run denies it to children too (tests/tools/offline)."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):  # an address of another family is a file
        host = arguments[1][0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host not in LOOPBACK:
        raise PermissionError(f"a test asks for the network: {host}")


sys.addaudithook(_no_network)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option that rewrites golden files instead of comparing with them."""
    parser.addoption("--update-golden", action="store_true", help="write golden files anew; look at the diff before committing")


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test reads or writes the cache of whoever runs it."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
    os.environ.pop("IDP_ASSESS_CACHE", None)


@pytest.fixture
def repository(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes a repository with one commit: `repository({path: text}, name="shop")`."""

    def make(files: dict[str, str | bytes], name: str = "shop", **options: str) -> Path:
        return commit(tmp_path / name, files, **options)

    return make


@pytest.fixture
def need_tool() -> Callable[[str], Path]:
    """A function that gives the path of a tool from `.tools/bin`, or skips; it fails where IDP_REQUIRE_TOOLS is set."""

    def find(name: str) -> Path:
        path = ROOT / ".tools" / "bin" / name
        if path.exists():
            return path
        message = f"needs {name}: run `make tools` (builds it from tests/tools/{name})"
        if os.environ.get("IDP_REQUIRE_TOOLS"):
            pytest.fail(message)
        pytest.skip(message)

    return find
