"""A Dockerfile as JSON that policies read: its stages with their instructions, through `dockerfile-parse`.

`stages[0].instructions[1]` is `{"name": "RUN", "value": "apk add git", "flags": {"mount": "type=cache"}, "shell": true}`; the
stage itself has `from` (as written), `image` (with the ARGs that have a default put in), `as` and `platform`. What stands before
the first FROM is in `arguments`. Source: https://docs.docker.com/reference/dockerfile/
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from assess.policy.formats.source import Read, Source, Unreadable
from assess.spec.nodes import Path, Span

MAX_BYTES = 200_000
_HEREDOC = re.compile(r"<<-?([\"']?)([A-Za-z_][\w.]*)\1")
_FLAG = re.compile(r"--([a-z-]+)(?:=(\S*))?\s+")
_USER = re.compile(r"^(?:\w{1,20}://)?[^/\s]{0,400}@(?!sha\d+:)")
"""Who signs in, which no reference of an image has."""
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::?-([^}]*))?\})")


def read_dockerfile(sources: Iterable[Source]) -> list[Read]:
    """The one document of each file. Errors: Unreadable."""
    return [_read(source) for source in sources]


def _read(source: Source) -> Read:
    if len(source.content) > MAX_BYTES:
        raise Unreadable(source.path, f"larger than {MAX_BYTES} bytes")
    text = source.content.decode("utf-8", "replace")
    lines = text.split("\n")
    spans: dict[Path, Span] = {}
    arguments: dict[str, str | None] = {}
    stages: list[dict[str, Any]] = []
    for instruction, start, value in _instructions(lines):
        flags, rest = _flags(value)
        at: Path = ("stages", max(0, len(stages) - 1), "instructions")
        if instruction == "FROM":
            stages.append(_stage(rest, flags, arguments))
            at = ("stages", len(stages) - 1)
        elif stages:
            stages[-1]["instructions"].append({"name": instruction, "value": rest, "flags": flags, "shell": not rest.startswith("[")})
            at = (*at, len(stages[-1]["instructions"]) - 1)
        elif instruction == "ARG":
            arguments |= _arguments(rest)
            at = ("arguments", rest.partition("=")[0])
        first = lines[start].rstrip()
        spans.setdefault(at, Span(start + 1, len(first) - len(first.lstrip()) + 1, start + 1, len(first) + 1))

    def place(path: Path) -> tuple[str, Span]:
        return source.path, next((spans[path[:n]] for n in range(len(path), 0, -1) if path[:n] in spans), Span(1))

    return Read(source.path, {"arguments": arguments, "stages": stages}, place)


def _instructions(lines: Sequence[str]) -> Iterable[tuple[str, int, str]]:
    """Name, first line from 0 and value of each instruction; the body of a here-document belongs to its instruction."""
    from dockerfile_parse import DockerfileParser

    bare, bodies = _without_bodies(lines)
    for found in DockerfileParser(fileobj=io.BytesIO("\n".join(bare).encode())).structure:
        if found["instruction"] != "COMMENT":
            within = [body for line, body in bodies.items() if found["startline"] <= line <= found["endline"]]
            yield found["instruction"], found["startline"], "\n".join([found["value"], *within])


def _without_bodies(lines: Sequence[str]) -> tuple[list[str], dict[int, str]]:
    """The lines with those of here-documents as comments, and each body by the line that opens it: the library knows none.
    Source: https://docs.docker.com/reference/dockerfile/#here-documents"""
    bare = list(lines)
    bodies: dict[int, str] = {}
    number = 0
    while number < len(lines):
        opened = number
        line = lines[number].lstrip()
        ends = [m[2] for m in _HEREDOC.finditer(line)] if re.match(r"(?i)(?:RUN|COPY|ADD)\s", line) else []
        for end in ends:
            body: list[str] = []
            while number + 1 < len(lines) and lines[number + 1].strip() != end:
                number += 1
                body.append(lines[number])
                bare[number] = "#"
            number += 1
            if number < len(lines):
                bare[number] = "#"
            bodies[opened] = "\n".join([bodies[opened], *body] if opened in bodies else body)
        number += 1
    return bare, bodies


def _flags(value: str) -> tuple[dict[str, str], str]:
    flags: dict[str, str] = {}
    while found := _FLAG.match(value):
        flags[found[1]] = found[2] or ""
        value = value[found.end() :]
    return flags, value


def _stage(value: str, flags: dict[str, str], arguments: dict[str, str | None]) -> dict[str, Any]:
    words = value.split()
    image = words[0] if words else ""
    named = words[2] if len(words) > 2 and words[1].upper() == "AS" else ""
    known = _USER.sub("", _VARIABLE.sub(lambda m: arguments.get(m[1] or m[2]) or m[3] or m[0], image))
    return {"from": _USER.sub("", image), "image": known, "as": named, "platform": flags.get("platform", ""), "instructions": []}


def _arguments(value: str) -> dict[str, str | None]:
    pairs = (word.partition("=") for word in value.split())
    return {name: default.strip("\"'") if given else None for name, given, default in pairs}
