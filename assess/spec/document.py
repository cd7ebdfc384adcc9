"""YAML and JSON text as values, with the line of every path; for files of ours and of others alike.

Values come from orjson and ryaml (YAML 1.2, bounded nesting); what they refuse (short tags such as `!Ref`, duplicate
keys) and every question for a line goes to a graph of nodes made from libyaml's events, which is built only then.
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

MAX_OPEN = 5_000
"""How many flow collections ryaml may be given: it scans all of a text before it counts depth, in time that is quadratic in it."""

_JSON = re.compile(rb"\s*[\[{]")
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
        self._nodes: list[_Node] | None = None
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
    """JSON through orjson, YAML through ryaml; texts with aliases, and such as nest deep, through libyaml, which is counted."""
    if _JSON.match(text):
        import orjson

        try:
            return [orjson.loads(text)]
        except orjson.JSONDecodeError:
            pass
    if not (b"*" in text and _ALIAS.search(text)) and text.count(b"{") + text.count(b"[") <= MAX_OPEN:
        try:
            return _fast(text)
        except _Refused:
            pass
    return [_Builder().build(root) for root in _nodes(text)]


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


@dataclass(slots=True)
class _Node:
    """A value as libyaml read it. value: text, items, or (key, value) pairs. line: from 1. index: its place in the text."""

    id: str
    tag: str | None
    value: Any
    line: int
    index: int
    plain: bool = False


def _nodes(text: bytes) -> list[_Node]:
    """The root of every document.

    Built from libyaml's events and not by its binding's own composer, which recurses in C: a deeply nested text would
    end the process. The events stop at the cap instead.
    """
    import yaml

    loader = None
    try:
        loader = yaml.CSafeLoader(text)
        return list(_compose(iter(loader.get_event, None)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DocumentError(error.problem or "not YAML", mark.line + 1 if mark else 0) from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise DocumentError(f"not YAML: {type(error).__name__}") from None
    finally:
        if loader is not None:
            loader.dispose()


def _compose(events: Iterator[Any]) -> Iterator[_Node]:
    anchors: dict[str, _Node] = {}
    open_: list[_Node] = []
    for event in events:
        match type(event).__name__:
            case "ScalarEvent":
                node = _Node("scalar", event.tag, event.value, event.start_mark.line + 1, event.start_mark.index, not event.style)
            case "SequenceStartEvent" | "MappingStartEvent" as kind:
                node = _Node(kind[:-10].lower(), event.tag, [], event.start_mark.line + 1, event.start_mark.index)
            case "AliasEvent" if event.anchor in anchors:
                node = anchors[event.anchor]
            case "AliasEvent":
                raise DocumentError(f"an alias of nothing: *{event.anchor}", event.start_mark.line + 1)
            case "SequenceEndEvent" | "MappingEndEvent":
                _close(open_.pop())
                continue
            case "DocumentStartEvent":
                anchors = {}
                continue
            case _:
                continue
        if open_:
            open_[-1].value.append(node)
        else:
            yield node
        if event.anchor and node.line > event.start_mark.line:
            anchors[event.anchor] = node
        if type(event).__name__.endswith("StartEvent"):
            open_.append(node)
        if len(open_) > MAX_DEPTH:
            raise DocumentError(f"nested deeper than {MAX_DEPTH} levels", node.line)


def _close(node: _Node) -> None:
    if node.id == "mapping":
        node.value = list(zip(node.value[::2], node.value[1::2], strict=True))


class _Builder:
    """Values from nodes; counts every node it expands, so that an alias bomb ends early."""

    def __init__(self) -> None:
        self.nodes = 0

    def build(self, node: _Node, depth: int = 0) -> Any:
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > MAX_DEPTH:
            raise DocumentError(f"expands to more than {MAX_NODES} values or {MAX_DEPTH} levels", node.line)
        match node.id:
            case "mapping":
                return self._mapping(node, depth)
            case "sequence":
                return [self.build(item, depth + 1) for item in node.value]
            case _:
                return _scalar(node)

    def _mapping(self, node: _Node, depth: int) -> dict[Any, Any]:
        merged: dict[Any, Any] = {}
        own: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            value = self.build(value_node, depth + 1)
            if key_node.value == "<<":
                for source in value if isinstance(value, list) else [value]:
                    merged |= {k: v for k, v in source.items() if k not in merged} if isinstance(source, dict) else {}
            else:
                own[_key(key_node)] = value
        return {**merged, **own}


def _key(node: _Node) -> str:
    return str(node.value) if node.id == "scalar" else repr(node.index)


_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_RESOLVED = (None, *(f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null")))
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}


def _scalar(node: _Node) -> Any:
    """A plain scalar by YAML 1.2's core rules (`on` and `yes` are strings, as GitHub and Kubernetes read keys)."""
    text = str(node.value)
    if not node.plain or node.tag not in _RESOLVED:
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
    ends = [*marks[1:], len(lines)]
    return [_first_content(lines, mark, end) for mark, end in zip(marks[:count], ends, strict=False)] + [1] * max(0, count - len(marks))


def _first_content(lines: list[bytes], start: int, end: int | None = None) -> int:
    for number in range(start, len(lines) if end is None else end):
        stripped = lines[number].strip()
        if stripped and not stripped.startswith((b"#", b"---", b"%")):
            return number + 1
    return start + 1


def _walk(node: _Node, path: tuple[str | int, ...], seen: list[int]) -> Iterator[tuple[tuple[str | int, ...], int]]:
    seen[0] += 1
    if seen[0] > MAX_NODES or len(path) > MAX_DEPTH:
        return
    if node.id == "mapping":
        for key, value in node.value:
            yield (*path, _key(key)), key.line
            yield from _walk(value, (*path, _key(key)), seen)
    elif node.id == "sequence":
        for position, item in enumerate(node.value):
            yield (*path, position), item.line
            yield from _walk(item, (*path, position), seen)
