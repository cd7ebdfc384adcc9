"""YAML and JSON text as values, with the line of every path; for files of ours and of others alike.

Values come from orjson and ryaml (YAML 1.2, bounded nesting); what they refuse (duplicate keys), tags such as `!Ref`
and every question for a line goes to a graph of nodes made from libyaml's events, which is built only then.
Source: measurements in shared/notes/performance.md section 2.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from assess.spec.nodes import MAX_DEPTH, Builder, DocumentError, Node, OverCap, Path, Place, Span, item, keys, nodes

__all__ = ["Document", "DocumentError", "Span", "read_yaml"]

MAX_BYTES = 8_000_000

MAX_OPEN = 5_000
"""How many flow collections ryaml may be given: it scans all of a text, in time quadratic in its depth, before it refuses."""

_JSON = re.compile(rb"\s*[\[{]")


class _Graph:
    """A file's documents as nodes, which know where they stand; composed once a file, when somebody asks."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._roots: list[Node] | None = None
        self._known: dict[int, dict[str, Place]] = {}

    def roots(self) -> list[Node]:
        """The root of each document. Errors: DocumentError where libyaml does not read the file."""
        if self._roots is None:
            self._roots = nodes(self._text)
        return self._roots

    def way(self, index: int, path: Path) -> Iterator[Place]:
        """What stands for each step of a path in one document, as far as the document has it."""
        try:
            node = self.roots()[index]
        except (DocumentError, IndexError):
            self._roots = self._roots or []
            return
        for part in path:
            step = item(node, part) if isinstance(part, int) else self._keys(node).get(part)
            if step is None:
                return
            yield step
            node = step.value

    def _keys(self, node: Node) -> dict[str, Place]:
        """The keys of a mapping; looked for once, for a long one is asked for each of its keys."""
        if id(node) not in self._known:
            self._known[id(node)] = keys(node)
        return self._known[id(node)]


@dataclass(slots=True)
class Document:
    """One parsed document of a file.

    value: dicts, lists, strings, numbers, booleans and None. start: the line of its first key, from 1.
    """

    value: Any
    start: int
    _graph: _Graph = field(repr=False, default_factory=lambda: _Graph(b""))
    _index: int = 0

    def line(self, *path: str | int) -> int:
        """The line of the key or item at a path, or of its nearest ancestor that has one."""
        return next((place.line for place in deque(self._graph.way(self._index, path), 1)), self.start)

    def span(self, *path: str | int) -> Span:
        """The narrowest text that stands for a path: the key with a value on its line, or that of its nearest ancestor."""
        return next((place.span for place in deque(self._graph.way(self._index, path), 1)), Span(self.start))


def read_yaml(text: bytes, unique: bool = False) -> list[Document]:
    """The documents of a YAML (or JSON) text, in order; empty documents are left out but keep their index.

    unique: refuse a mapping with the same key twice, for files of ours: whoever wrote it meant both.
    Errors: `DocumentError` for text that is not YAML, is over a cap, or expands to too many values.
    """
    if len(text) > MAX_BYTES:
        raise OverCap(f"larger than {MAX_BYTES} bytes")
    text = _utf8(text)
    graph = _Graph(text)
    values = _values(text, unique, graph)
    starts = _starts(text, len(values))
    return [Document(v, s, graph, i) for i, (v, s) in enumerate(zip(values, starts, strict=True)) if v is not None]


def _values(text: bytes, unique: bool, graph: _Graph) -> list[Any]:
    """JSON through orjson, YAML through ryaml; through libyaml what has to be counted, for it may expand or nest deep, and
    what has tags: ryaml makes a mapping of `!Ref x`."""
    if not unique and _JSON.match(text):  # orjson lets the last of two equal keys win
        import orjson

        try:
            return [_shallow(orjson.loads(text))]
        except orjson.JSONDecodeError:
            pass
    counted = (_has(text, b"&", _ANCHOR) and _has(text, b"*", _ALIAS)) or text.count(b"{") + text.count(b"[") > MAX_OPEN
    if not counted and not _has(text, b"!", _TAG):
        try:
            return _fast(text)
        except _Refused:
            pass
    return [Builder(unique).build(root) for root in graph.roots()]


def _shallow(value: Any) -> Any:
    """The value itself. Errors: DocumentError where it is nested deeper than the cap, which a reader's recursion relies on."""
    level = [value]
    for _ in range(MAX_DEPTH + 2):
        containers = [item.values() if isinstance(item, dict) else item for item in level if isinstance(item, dict | list)]
        level = list(chain.from_iterable(containers))
        if not containers:
            return value
    raise OverCap(f"nested deeper than {MAX_DEPTH} levels")


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
    import ryaml

    try:
        return list(ryaml.loads_all(text.decode()))  # type: ignore[attr-defined]
    except UnicodeDecodeError:
        raise DocumentError("not UTF-8 text") from None
    except Exception as error:
        raise _Refused from error


_TAG, _ANCHOR, _ALIAS = (re.compile(rb"%b(?<![^\s\[{,:-]%b)[\w.-]" % (re.escape(c), re.escape(c))) for c in (b"!", b"&", b"*"))
"""What may begin a tag, an anchor, an alias. They start with their character, by which the search skips ahead."""


def _has(text: bytes, character: bytes, pattern: re.Pattern[bytes]) -> bool:
    return character in text and bool(pattern.search(text))


def _starts(text: bytes, count: int) -> list[int]:
    """The first line with content of each of `count` documents."""
    if count <= 1:
        return [_first_content(text.split(b"\n"), 0)] * count
    lines = text.split(b"\n")
    marks = [i + 1 for i, line in enumerate(lines) if line.startswith(b"---")]
    if len(marks) < count:
        marks = [0, *marks]
    found = [_first_content(lines, mark, end) for mark, end in zip(marks[:count], [*marks[1:], len(lines)], strict=False)]
    return found + [1] * (count - len(found))


def _first_content(lines: list[bytes], start: int, end: int | None = None) -> int:
    for number in range(start, len(lines) if end is None else end):
        stripped = lines[number].strip()
        if stripped and not stripped.startswith((b"#", b"---", b"%")):
            return number + 1
    return start + 1
