"""What the reference of an image says: its name, its registry, and how fast it holds.

Source: https://github.com/distribution/reference/blob/main/reference.go
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from assess.collect.git.extract.templated import PLACEHOLDER, STAR

_EXPRESSION = re.compile(r"[$*{}<>%]|" + PLACEHOLDER + r"|\A__|__\Z")
_REFERENCE = re.compile(
    r"(?P<name>(?:[a-zA-Z0-9][a-zA-Z0-9.-]*(?::\d+)?/)?[a-z0-9][a-z0-9._/-]{0,254})(?::(?P<tag>[\w][\w.-]{0,127}))?"
    r"(?:@(?P<digest>sha(?:256|384|512):[0-9a-f]{32,128}))?\Z"
)
_USER = re.compile(r"\A(?:\w{1,20}://)?[^/@:\s]{0,200}:[^/@\s]{0,400}@(?!sha\d+:)(?=\S{0,500}/)")
"""Userinfo, which no reference of an image has: somebody wrote down how to log in."""


class ImageName(NamedTuple):
    """A reference in its parts; what an expression hides is None."""

    image: str | None
    registry: str | None
    pin: str | None


@lru_cache(maxsize=4096)
def image_name(reference: str) -> ImageName | None:
    """The parts of a reference; None where the text is none."""
    written = _USER.sub("", reference.strip().removeprefix("docker://"))
    if not written or len(written) > 500 or any(c.isspace() for c in written):
        return None
    if written.startswith("ko://"):
        return ImageName(written, None, None)
    if _EXPRESSION.search(written):
        return _partly(written)
    found = _REFERENCE.match(written)
    if not found:
        return None
    return ImageName(found["name"], registry_of(found["name"]), pin_of(found["tag"] or "", found["digest"] or ""))


def _partly(written: str) -> ImageName:
    """A reference with an expression in it: what stands before the expression, and after it, is said all the same."""
    digest = re.search(r"@(sha256:[0-9a-f]{64})\Z", written)
    name, colon, tag = written.rpartition(":") if not digest else (written.partition("@")[0], "", "")
    if not colon or "/" in tag:
        name, tag = written.partition("@")[0], ""
    literal = not _EXPRESSION.search(name)
    known = bool(tag) and not _EXPRESSION.search(tag)
    return ImageName(
        name if literal else None, registry_of(name) if not _EXPRESSION.search(name.partition("/")[0]) else None,
        "digest" if digest else pin_of(tag, "") if known else None,
    )  # fmt: skip


def registry_of(name: str) -> str:
    """The registry of an image's name."""
    host, slash, _ = name.partition("/")
    return host if slash and ("." in host or ":" in host or host == "localhost") else "docker.io"


def pin_of(tag: str, digest: str) -> str | None:
    """How fast a tag or digest holds: a tag with a number in it is a version, any other one moves."""
    if _EXPRESSION.search(tag) or _EXPRESSION.search(digest):
        return None
    if digest:
        return "digest"
    if not tag:
        return "none"
    return "version" if re.search(r"\d", tag) and not re.search(r"(?i)(?:\A|[-_.])(?:latest|nightly|edge|snapshot)\Z", tag) else "latest"


def is_expression(text: str) -> bool:
    """Whether something in a text is put in later."""
    return bool(_EXPRESSION.search(text)) or STAR in text
