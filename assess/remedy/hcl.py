"""HCL blocks with their attributes as written and their lines: enough to see what a root leaves open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assess.collect.git.hcl import parse
from assess.spec.document import DocumentError

_STRING = re.compile(r'"((?:[^"\\$%]|\\.)*)"\Z')


@dataclass(frozen=True, slots=True)
class Attribute:
    """The expression of one attribute, as written."""

    text: str
    line: int

    @property
    def literal(self) -> str:
        """The string that it is; empty where it is an expression, a number or a list."""
        found = _STRING.match(self.text)
        return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Block:
    """`kind "label" { name = … nested { … } }`."""

    kind: str
    labels: tuple[str, ...]
    path: str
    line: int
    attributes: Mapping[str, Attribute]
    blocks: tuple[Block, ...]

    def nested(self, kind: str) -> Iterator[Block]:
        """The blocks of a kind directly inside."""
        return (block for block in self.blocks if block.kind == kind)


@lru_cache(maxsize=512)
def read(path: str, content: bytes) -> Block:
    """A file as one block of kind `file`; what does not parse is left out."""
    try:
        root = parse(content)
    except DocumentError:
        return Block("file", (), path, 1, {}, ())
    return _filled("file", (), path, 1, next((c for c in root.children if c.type == "body"), None))


def _filled(kind: str, labels: tuple[str, ...], path: str, line: int, body: Any) -> Block:
    attributes: dict[str, Attribute] = {}
    blocks: list[Block] = []
    for node in body.children if body else ():
        if node.type == "attribute":
            name, value = node.children[0], node.children[-1]
            attributes[_text(name)] = Attribute(_text(value), int(node.start_point[0]) + 1)
        elif node.type == "block":
            blocks.append(_block(node, path))
    return Block(kind, labels, path, line, attributes, tuple(blocks))


def _block(node: Any, path: str) -> Block:
    words = [_text(child).strip('"') for child in node.children if child.type in ("identifier", "string_lit")]
    body = next((child for child in node.children if child.type == "body"), None)
    return _filled(words[0], tuple(words[1:]), path, int(node.start_point[0]) + 1, body)


def _text(node: Any) -> str:
    return str(node.text.decode("utf-8", "replace"))
