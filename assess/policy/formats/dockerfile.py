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
_MAY_OPEN = re.compile(r"(?i)\s*(?:ONBUILD\s+)?(?:RUN|COPY|ADD)\s")
_HEREDOC = re.compile(r"\d*<<(-?)([\"']?)([^<\"']+)\2")
"""A word that opens a here-document. Source: https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/parser.go"""
_WORD = re.compile(r"""(?:\$\(\([^\n]{0,200}?\)\)|\\.|"(?:\\.|[^"\\])*(?:"|\Z)|'[^']*(?:'|\Z)|[^\s"'])+""")
"""A word of a shell: quotes and arithmetic belong to it with the spaces in them."""
_ESCAPE = re.compile(r"(?im)\A(?:\s*#\s*syntax\s*=.*\n)*\s*#\s*escape\s*=\s*([\\`])\s*$")
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
    for instruction, start, value in _instructions(source.path, lines):
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


def _instructions(path: str, lines: Sequence[str]) -> Iterable[tuple[str, int, str]]:
    """Name, first line from 0 and value of each instruction; the body of a here-document belongs to its instruction."""
    from dockerfile_parse import DockerfileParser

    bare, bodies = _without_bodies(path, lines)
    for found in DockerfileParser(fileobj=io.BytesIO("\n".join(bare).encode())).structure:
        if found["instruction"] != "COMMENT":
            body = bodies.get(found["endline"])
            yield found["instruction"], found["startline"], found["value"] if body is None else f"{found['value']}\n{body}"


def _without_bodies(path: str, lines: Sequence[str]) -> tuple[list[str], dict[int, str]]:
    """The lines with those of here-documents as comments, and the bodies by the line that their instruction ends in: the
    library knows none. Source: https://docs.docker.com/reference/dockerfile/#here-documents"""
    bare = list(lines)
    bodies: dict[int, str] = {}
    escape = found[1] if (found := _ESCAPE.match("\n".join(lines[:9]))) else "\\"
    number = 0
    while number < len(lines):
        start = number
        text, number = _joined(lines, start, escape)
        for skipped in range(start + 1, number):
            bare[skipped] = bare[skipped] if bare[skipped].strip() else "#"  # the library ends an instruction at an empty line
        body: list[str] = []
        after = number
        for word, opened in _heredocs(text):
            end = next((at for at in range(after, len(lines)) if _closes(lines[at], opened)), None)
            if end is None:
                line = next((at for at in range(start, number) if word in lines[at]), start)
                raise Unreadable(path, f"the here-document {word} is not closed", line + 1)
            body += lines[after:end]
            after = end + 1
        bare[number:after] = ["#"] * (after - number)
        if after > number:
            bodies[number - 1] = "\n".join(body)
        number = after
    return bare, bodies


def _joined(lines: Sequence[str], start: int, escape: str) -> tuple[str, int]:
    """The instruction that begins at a line, as one line, and the line after it: comments and empty lines do not end it."""
    text = ""
    for number in range(start, len(lines)):
        line = lines[number].rstrip()
        if line.lstrip().startswith("#") or (number > start and not line):
            if number == start:
                return "", start + 1
        elif not line.endswith(escape):
            return text + line, number + 1
        else:
            text += line[: -len(escape)]
    return text, len(lines)


def _heredocs(text: str) -> list[tuple[str, re.Match[str]]]:
    """The words of an instruction that open a here-document."""
    if "<<" not in text or not _MAY_OPEN.match(text):
        return []
    return [(word[0], opened) for word in _WORD.finditer(text) if (opened := _HEREDOC.fullmatch(word[0]))]


def _closes(line: str, opened: re.Match[str]) -> bool:
    line = line.rstrip("\r")
    return (line.lstrip("\t") if opened[1] else line) == opened[3]


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
