"""YAML and JSON text as values, with the line of every path; for files of ours and of others alike.

Values come from ryaml (YAML 1.2, bounded nesting); what it refuses (short tags such as `!Ref`, duplicate keys) and
every question for a line goes to libyaml's node graph, which is built only then.
Source: measurements in shared/notes/performance.md section 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MAX_BYTES = 8_000_000
MAX_NODES = 400_000
MAX_DEPTH = 200

_DEEP = re.compile(rb"(?:[\[{]\s*){%d}|(?:-[ \t]+){%d}" % (MAX_DEPTH, MAX_DEPTH))


class DocumentError(Exception):
    """A text that is not readable as YAML or JSON: why, and at which line (0: unknown)."""

    def __init__(self, why: str, line: int = 0) -> None:
        self.why, self.line = why, line
        super().__init__(why, line)


class _Lines:
    """The lines of every path of a file's documents; composed once a file, when somebody asks."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._nodes: list[Any] | None = None
        self._maps: dict[int, dict[tuple[str | int, ...], int]] = {}

    def of(self, index: int) -> dict[tuple[str | int, ...], int]:
        """Path -> line of one document; empty where libyaml does not read the file."""
        if self._nodes is None:
            try:
                self._nodes = _nodes(self._text)
            except DocumentError:
                self._nodes = []
        if index not in self._maps:
            node = self._nodes[index] if index < len(self._nodes) else None
            self._maps[index] = dict(_walk(node, (), [0])) if node is not None else {}
        return self._maps[index]


@dataclass(slots=True)
class Document:
    """One parsed document of a file.

    value: dicts, lists, strings, numbers, booleans and None. start: the line of its first key, from 1.
    """

    value: Any
    start: int
    _lines: _Lines = field(repr=False, default_factory=lambda: _Lines(b""))
    _index: int = 0

    def line(self, *path: str | int) -> int:
        """The line of the key or item at a path, or of its nearest ancestor that has one."""
        lines = self._lines.of(self._index)
        for length in range(len(path), 0, -1):
            if found := lines.get(tuple(path[:length])):
                return found
        return self.start


def read_yaml(text: bytes) -> list[Document]:
    """The documents of a YAML (or JSON) text, in order; empty documents are left out but keep their index.

    Errors: `DocumentError` for text that is not YAML, is over a cap, or expands beyond `MAX_NODES`.
    """
    if len(text) > MAX_BYTES:
        raise DocumentError(f"larger than {MAX_BYTES} bytes")
    text = _utf8(text)
    if _DEEP.search(text):
        raise DocumentError(f"nested deeper than {MAX_DEPTH} levels")
    values = _values(text)
    starts = _starts(text, len(values))
    lines = _Lines(text)
    return [Document(v, s, lines, i) for i, (v, s) in enumerate(zip(values, starts, strict=True)) if v is not None]


def _values(text: bytes) -> list[Any]:
    """Through ryaml; texts with aliases through libyaml first, which counts what they expand to."""
    if not (b"*" in text and _ALIAS.search(text)):
        try:
            return _fast(text)
        except _Refused:
            return _slow(text)
    try:
        return _slow(text)
    except DocumentError as error:
        if "second occurrence" not in error.why:  # a redefined anchor: YAML 1.2 allows it, libyaml does not
            raise
    try:
        return _fast(text)
    except _Refused:
        raise DocumentError("aliases that neither parser follows") from None


class _Refused(Exception):
    """ryaml does not take this text; libyaml may."""


def _utf8(text: bytes) -> bytes:
    if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return text.decode("utf-16").encode()
        except UnicodeDecodeError:
            raise DocumentError("neither UTF-8 nor UTF-16") from None
    if b"\0" in text:
        raise DocumentError("holds NUL bytes: not a text file")
    return text.removeprefix(b"\xef\xbb\xbf")


def _fast(text: bytes) -> list[Any]:
    import ryaml  # type: ignore[attr-defined]

    try:
        return list(ryaml.loads_all(text.decode()))
    except UnicodeDecodeError:
        raise DocumentError("not UTF-8 text") from None
    except Exception as error:
        raise _Refused from error


_ALIAS = re.compile(rb"(?m)(?:^|[\s\[{,:-])\*[\w.-]+")


def _slow(text: bytes) -> list[Any]:
    return [None if root is None else _Builder().build(root) for root in _nodes(text)]


def _nodes(text: bytes) -> list[Any]:
    import yaml

    try:
        return list(yaml.compose_all(text, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DocumentError(error.problem or "not YAML", mark.line + 1 if mark else 0) from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise DocumentError(f"not YAML: {type(error).__name__}") from None


class _Builder:
    """Values from libyaml nodes; counts every node it expands, so that an alias bomb ends early."""

    def __init__(self) -> None:
        self.nodes = 0

    def build(self, node: Any, depth: int = 0) -> Any:
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > MAX_DEPTH:
            raise DocumentError(f"expands to more than {MAX_NODES} values or {MAX_DEPTH} levels", _line(node))
        match node.id:
            case "mapping":
                return self._mapping(node, depth)
            case "sequence":
                return [self.build(item, depth + 1) for item in node.value]
            case _:
                return _scalar(node)

    def _mapping(self, node: Any, depth: int) -> dict[Any, Any]:
        merged: dict[Any, Any] = {}
        own: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            value = self.build(value_node, depth + 1)
            if key_node.tag == "tag:yaml.org,2002:merge" or (key_node.id == "scalar" and key_node.value == "<<"):
                for source in value if isinstance(value, list) else [value]:
                    merged |= {k: v for k, v in source.items() if k not in merged} if isinstance(source, dict) else {}
            else:
                own[_key(key_node)] = value
        return {**merged, **own}


def _key(node: Any) -> str:
    return str(node.value) if node.id == "scalar" else repr(node.start_mark.index)


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1


_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}


def _scalar(node: Any) -> Any:
    """A plain scalar by YAML 1.2's core rules (`on` and `yes` are strings, as GitHub and Kubernetes read keys)."""
    text = str(node.value)
    if node.style or not node.tag.startswith("tag:yaml.org,2002:"):
        return text
    if text.lower() in _WORDS and (text == text.lower() or text in ("Null", "NULL", "True", "TRUE", "False", "FALSE")):
        return _WORDS[text.lower()]
    if _INT.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) else text


def _starts(text: bytes, count: int) -> list[int]:
    """The first line with content of each of `count` documents."""
    if count <= 1:
        return [_first_content(text.split(b"\n"), 0)] * count
    lines = text.split(b"\n")
    marks = [i + 1 for i, line in enumerate(lines) if line.startswith(b"---")]
    if len(marks) < count:
        marks = [0, *marks]
    return [_first_content(lines, mark) for mark in marks[:count]] + [1] * max(0, count - len(marks))


def _first_content(lines: list[bytes], start: int) -> int:
    for number in range(start, len(lines)):
        stripped = lines[number].strip()
        if stripped and not stripped.startswith((b"#", b"---", b"%")):
            return number + 1
    return start + 1


def _walk(node: Any, path: tuple[str | int, ...], seen: list[int]) -> Iterator[tuple[tuple[str | int, ...], int]]:
    seen[0] += 1
    if seen[0] > MAX_NODES or len(path) > MAX_DEPTH:
        return
    if node.id == "mapping":
        for key, value in node.value:
            yield (*path, _key(key)), _line(key)
            yield from _walk(value, (*path, _key(key)), seen)
    elif node.id == "sequence":
        for position, item in enumerate(node.value):
            yield (*path, position), _line(item)
            yield from _walk(item, (*path, position), seen)
