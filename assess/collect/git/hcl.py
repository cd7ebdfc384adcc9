"""HCL text as its top-level blocks, through tree-sitter's grammar."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

from assess.model.credentials import MASK, is_secret
from assess.spec.document import DocumentError

SECONDS, SECONDS_A_MEGABYTE = 1.0, 2.0
"""How much processor time one file may take; sound ones take a tenth of it."""
_CHUNK = 65_536


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


def parse(content: bytes) -> Any:
    """The root node of HCL text.

    Errors: DocumentError where it takes too long: to recover from an error, the grammar's scanner reads on to the end of the
    text, again for each token of a text that is not HCL.
    """
    limit = SECONDS + SECONDS_A_MEGABYTE * len(content) / 1_000_000
    end = time.process_time() + limit

    def late(_offset: int, _has_error: bool) -> bool:
        return time.process_time() > end

    parser = _parser()
    try:
        return parser.parse(lambda offset, _: content[offset : offset + _CHUNK], progress_callback=late).root_node
    except ValueError:
        parser.reset()
        raise DocumentError(f"not HCL: not parsed in {limit:.1f} seconds") from None


def read_blocks(content: bytes) -> tuple[tuple[Block, ...], int]:
    """The top-level blocks of HCL text, and the line of its first syntax error (0: none). Errors: those of `parse`."""
    root = parse(content)
    body = next((child for child in root.children if child.type == "body"), None)
    blocks = [_block(node) for node in (body.children if body else ()) if node.type == "block"]
    return tuple(blocks), first_error(root) if root.has_error else 0


def _block(node: Any) -> Block:
    words = [_unquoted(child) for child in node.children if child.type in ("identifier", "string_lit")]
    return Block(words[0], tuple(words[1:]), node.start_point[0] + 1, node.text.decode("utf-8", "replace"))


def _unquoted(node: Any) -> str:
    return str(node.text.decode("utf-8", "replace")).strip('"')


def first_error(node: Any) -> int:
    """The line of the first syntax error below a node that has one."""
    while True:
        broken = next((child for child in node.children if child.has_error or child.is_missing), None)
        if broken is None or broken.type == "ERROR":
            return int((broken or node).start_point[0]) + 1
        node = broken


_WHOLE = re.compile(r"(?:tfe|spacelift|env0|scalr|port|opslevel)_\w+|aws_code(?:pipeline|build)\w*|helm_release")
"""Resources of which more is asked than their name when the repository is put together."""
RUNS_IMAGES = re.compile(
    r"kubernetes_(?:deployment|stateful_?set|daemon_?set|job|cron_job|pod|replication_controller)\w*|aws_ecs_task_definition"
    r"|aws_apprunner_service|google_cloud_run_\w+|azurerm_container_(?:app|group)\w*|docker_(?:container|service)|scaleway_container"
)
"""Resources that run an image."""
IMAGE = re.compile(r"\bimage(?:_identifier)?\"?[ \t]{0,40}[=:][ \t]{0,40}\"([^\"\n]{1,400})\"")
_LINES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (RUNS_IMAGES, IMAGE),
    (
        re.compile(r"aws_s3_bucket|google_storage_bucket|google_artifact_registry_repository|google_compute_resource_policy"),
        re.compile(r"\b(?:lifecycle_rule|cleanup_policies|vm_stop_schedule)\b[ \t\"]{0,40}[={]"),
    ),
)
"""Resources of which single lines are asked: (pattern over the type, what is kept of a line)."""
_DEFAULTS = re.compile(r"\bdefault_(?:tags|labels)\b[ \t]{0,40}[={]")
_COMMENT = re.compile(r"(?m)^[ \t]*(?:#|//).*$")
_VALUE = re.compile(r'(?m)^([ \t]*+"?([\w-]++)"?[ \t]*+[=:][ \t]*+)"[^"\n]*+"')


def reduced(block: Block) -> Block:
    """The block with no more of its text than somebody asks for when the repository is put together.

    What extractors bring is kept in the cache: no comment is, and no value that its name calls a credential. Ask for more by
    adding to `_WHOLE`. Lines keep their place.
    """
    if block.kind == "provider":  # only whether it is configured, and whether it tags all that it makes
        tags = _DEFAULTS.search(_COMMENT.sub("", block.text))
        configured = "=" in block.text and not _OF_ITS_OWN.search(block.text)
        text = ("= " if configured else "") + (tags[0] if tags else "")
    elif block.kind in ("terraform", "module") or (block.kind == "resource" and block.labels and _WHOLE.fullmatch(block.labels[0])):
        text = _VALUE.sub(lambda m: f'{m[1]}"{MASK}"' if is_secret(m[2]) else m[0], _COMMENT.sub("", block.text))
    else:
        text = _kept(block) if block.kind == "resource" and block.labels else ""
    return Block(block.kind, block.labels, block.line, text)


_OF_ITS_OWN = re.compile(r"\bhost\s*=\s*(?:\w+\()?(?:aws|azurerm|google|oci|digitalocean|linode|civo|scaleway)_\w+\.")
"""A provider that talks to what the code beside it makes, as a module may that makes a cluster and fills it."""


def _kept(block: Block) -> str:
    """What is asked of single lines of a block, each in its line; empty where nothing is."""
    words = next((words for types, words in _LINES if types.fullmatch(block.labels[0])), None)
    if words is None:
        return ""
    lines = _COMMENT.sub("", block.text).split("\n")
    return "\n".join(found[0] if (found := words.search(line)) else "" for line in lines)


def attribute(block: Block, name: str) -> str:
    """The literal string value of an attribute anywhere in a block; empty where it is no literal."""
    found = re.search(rf'(?m)(?:^|\{{)[ \t]*{name}[ \t]*=[ \t]*"([^"]*)"', block.text)
    return found[1] if found else ""


def inner_blocks(block: Block) -> tuple[Block, ...]:
    """The blocks directly inside another, with their lines in the file; none where they take too long."""
    start, end = block.text.find("{"), block.text.rfind("}")
    body = block.text[start + 1 : end] if 0 <= start < end else ""
    before = block.line - 1 + block.text.count("\n", 0, start + 1)
    try:
        found, _ = read_blocks(body.encode())
    except DocumentError:
        return ()
    return tuple(Block(b.kind, b.labels, before + b.line, b.text) for b in found)
