"""HCL text as its top-level blocks, through tree-sitter's grammar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Block:
    """One top-level block of a file: `resource "aws_s3_bucket" "logs" { … }`."""

    kind: str
    labels: tuple[str, ...]
    line: int
    text: str


@cache
def _parser() -> Any:
    import tree_sitter
    import tree_sitter_hcl

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))


def read_blocks(content: bytes) -> tuple[tuple[Block, ...], int]:
    """The top-level blocks of HCL text, and the line of its first syntax error (0: none)."""
    root = _parser().parse(content).root_node
    body = next((child for child in root.children if child.type == "body"), None)
    blocks = [_block(node) for node in (body.children if body else ()) if node.type == "block"]
    return tuple(blocks), _first_error(root) if root.has_error else 0


def _block(node: Any) -> Block:
    words = [_unquoted(child) for child in node.children if child.type in ("identifier", "string_lit")]
    return Block(words[0], tuple(words[1:]), node.start_point[0] + 1, node.text.decode("utf-8", "replace"))


def _unquoted(node: Any) -> str:
    return str(node.text.decode("utf-8", "replace")).strip('"')


def _first_error(node: Any) -> int:
    while True:
        broken = next((child for child in node.children if child.has_error or child.is_missing), None)
        if broken is None or broken.type == "ERROR":
            return int((broken or node).start_point[0]) + 1
        node = broken


def attribute(block: Block, name: str) -> str:
    """The literal string value of an attribute anywhere in a block; empty where it is no literal."""
    found = re.search(rf'(?m)(?:^|\{{)[ \t]*{name}[ \t]*=[ \t]*"([^"]*)"', block.text)
    return found[1] if found else ""


def inner_blocks(block: Block) -> tuple[Block, ...]:
    """The blocks directly inside another, with their lines in the file."""
    start, end = block.text.find("{"), block.text.rfind("}")
    body = block.text[start + 1 : end] if 0 <= start < end else ""
    before = block.line - 1 + block.text.count("\n", 0, start + 1)
    return tuple(Block(b.kind, b.labels, before + b.line, b.text) for b in read_blocks(body.encode())[0])
