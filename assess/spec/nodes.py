"""YAML text as a graph of nodes with their lines, within caps of depth and size, and values made from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

MAX_NODES = 400_000
MAX_COLLECTIONS = 100_000
"""A list or mapping in the graph costs ten times what a text does."""
MAX_DEPTH = 200


class DocumentError(Exception):
    """A text that is not readable as YAML or JSON: why, and at which line (0: unknown)."""

    def __init__(self, why: str, line: int = 0) -> None:
        self.why, self.line = why, line
        super().__init__(why, line)


class OverCap(DocumentError):
    """A text that may well be YAML or JSON, but is too large or too deep to be read."""


class Span(NamedTuple):
    """A piece of text. Units: lines and columns in characters from 1, the end exclusive; 0: not known."""

    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0


@dataclass(slots=True)
class Node:
    """A value as libyaml read it. value: text, items, or (key, value) pairs. span: of a scalar; of others their beginning.
    index: its place in the text."""

    id: str
    tag: str | None
    value: Any
    span: Span
    index: int
    plain: bool = False

    @property
    def line(self) -> int:
        """Where it begins, from 1."""
        return self.span.line


def nodes(text: bytes) -> list[Node]:
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
        last = max(1, len(text.splitlines()))  # what is missing at the end is looked for on the line after it
        raise DocumentError(error.problem or "not YAML", min(mark.line + 1, last) if mark else 0) from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise DocumentError(f"not YAML: {type(error).__name__}") from None
    finally:
        if loader is not None:
            loader.dispose()


def _compose(events: Iterator[Any]) -> Iterator[Node]:
    anchors: dict[str, Node] = {}
    open_: list[Node] = []
    collections = 0
    for number, event in enumerate(events):
        kind = type(event).__name__
        match kind:
            case "ScalarEvent":
                mark, end = event.start_mark, event.end_mark
                span = Span(mark.line + 1, mark.column + 1, end.line + 1, end.column + 1)
                node = Node("scalar", event.tag, event.value, span, mark.index, not event.style)
            case "SequenceStartEvent" | "MappingStartEvent":
                mark = event.start_mark
                node = Node(kind[:-10].lower(), event.tag, [], Span(mark.line + 1, mark.column + 1), mark.index)
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
        if event.anchor:
            anchors[event.anchor] = node
        if kind.endswith("StartEvent"):
            open_.append(node)
            collections += 1
            _hold(node, collections, len(open_))
        if number > 2 * MAX_NODES:
            raise OverCap(f"more than {MAX_NODES} values", node.line)


def _hold(node: Node, collections: int, depth: int) -> None:
    """Nothing, within the caps of lists and mappings. Errors: OverCap."""
    if collections > MAX_COLLECTIONS:
        raise OverCap(f"more than {MAX_COLLECTIONS} lists and mappings", node.line)
    if depth > MAX_DEPTH:
        raise OverCap(f"nested deeper than {MAX_DEPTH} levels", node.line)


def _close(node: Node) -> None:
    if node.id == "mapping":
        node.value = list(zip(node.value[::2], node.value[1::2], strict=True))


def _expanded(node: Node, known: dict[int, int], depth: int = 0) -> int:
    """How many values a node expands to. Each node is counted once, however many aliases lead to it.

    Errors: DocumentError over the caps, also where an anchor holds an alias to itself.
    """
    if (size := known.get(id(node), 0)) == 0:
        below = (part for pair in node.value for part in pair[1:]) if node.id == "mapping" else node.value if node.id == "sequence" else ()
        size = 1
        for part in below:
            size += _expanded(part, known, depth + 1) if depth < MAX_DEPTH else MAX_NODES
            if size > MAX_NODES:
                raise OverCap(f"expands to more than {MAX_NODES} values or {MAX_DEPTH} levels", node.line)
        known[id(node)] = size
    return size


class Builder:
    """Values from nodes; what they expand to is counted first, so that an alias bomb ends at once.

    unique: a key that stands twice in one mapping is an error; otherwise the last one wins, as most readers have it.
    """

    def __init__(self, unique: bool = False) -> None:
        self.nodes, self._unique = 0, unique

    def build(self, node: Node, depth: int = 0) -> Any:
        if not depth:
            _expanded(node, {})
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > MAX_DEPTH:
            raise OverCap(f"expands to more than {MAX_NODES} values or {MAX_DEPTH} levels", node.line)
        match node.id:
            case "mapping":
                return self._mapping(node, depth)
            case "sequence":
                return [self.build(item, depth + 1) for item in node.value]
            case _:
                return _scalar(node)

    def _mapping(self, node: Node, depth: int) -> dict[Any, Any]:
        merged: dict[Any, Any] = {}
        own: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            value = self.build(value_node, depth + 1)
            if key_node.value == "<<":
                for source in value if isinstance(value, list) else [value]:
                    merged |= {k: v for k, v in source.items() if k not in merged} if isinstance(source, dict) else {}
            else:
                if self._unique and _key(key_node) in own:
                    raise DocumentError(f"the key '{_key(key_node)}' stands here twice", key_node.line)
                own[_key(key_node)] = value
        return {**merged, **own}


def _key(node: Node) -> str:
    return str(node.value) if node.id == "scalar" else repr(node.index)


_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_RESOLVED = (None, *(f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null")))
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}


def _scalar(node: Node) -> Any:
    """A plain scalar by YAML 1.2's core rules (`on` and `yes` are strings, as GitHub and Kubernetes read keys)."""
    text = str(node.value)
    if not node.plain or node.tag not in _RESOLVED:
        return text
    if text.lower() in _WORDS and (text == text.lower() or text in ("Null", "NULL", "True", "TRUE", "False", "FALSE")):
        return _WORDS[text.lower()]
    if _INT.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) else text


Path = tuple[str | int, ...]


class Place(NamedTuple):
    """Where a key or an item begins, the narrowest text that stands for it, and its value.

    That text is the key with a value on its line, else the key alone; of an item that is a mapping, its first key's.
    """

    line: int
    span: Span
    value: Node


def keys(node: Node, within: tuple[int, ...] = ()) -> dict[str, Place]:
    """The keys of a mapping, with where they stand; none of anything else.

    What a merge key brings stands where the anchor is; a
    mapping's own keys win. within: the mappings that this one is merged into, lest one is merged into itself.
    """
    found: dict[str, Place] = {}
    if node.id != "mapping" or id(node) in within or len(within) > MAX_DEPTH:
        return found
    for key, value in sorted(node.value, key=lambda pair: pair[0].value != "<<"):
        if key.value == "<<":
            for source in value.value if value.id == "sequence" else [value]:
                found |= keys(source, (*within, id(node)))
        else:
            found[_key(key)] = Place(key.line, _together(key.span, value), value)
    return found


def item(node: Node, place: int) -> Place | None:
    """An item of a sequence, with where it stands; None where there is none."""
    if node.id != "sequence" or not 0 <= place < len(node.value):
        return None
    found: Node = node.value[place]
    first = found.value[0] if found.id == "mapping" and found.value else None
    return Place(found.line, _together(first[0].span, first[1]) if first else found.span, found)


def _together(key: Span, value: Node) -> Span:
    inline = value.id == "scalar" and value.span.end_line == key.line
    return Span(key.line, key.column, key.line, value.span.end_column) if inline else key
