"""The default run talks to this machine only: what tests/conftest.py denies, and that it is denied."""

from __future__ import annotations

import socket

import pytest


def test_what_is_not_this_machine_is_denied() -> None:
    with pytest.raises(PermissionError, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), 1)
    with pytest.raises(PermissionError, match=r"example\.org"):
        socket.getaddrinfo("example.org", 443)
