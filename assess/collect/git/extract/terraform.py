"""Terraform and OpenTofu: roots, modules and their calls, through tree-sitter's HCL grammar."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from posixpath import normpath
from typing import Any

from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Fact, HelmRelease, ModuleCall, TerraformModule, TerraformRoot
from assess.model.gap import Gap, GapReason
from assess.model.target import Location

_BLOCKS = {"terraform", "provider", "resource", "module", "data", "variable", "output", "moved", "import", "locals"}
_PIN = re.compile(r"^=?\s*v?\d+(\.\d+){1,2}|^~>\s*\d|^>=?\s*\d.*,\s*<|[?&]ref=(v?\d|[0-9a-f]{7,40}$|.*\d+\.\d+)")


@dataclass(frozen=True, slots=True)
class Block:
    """One top-level block of a file: `resource "aws_s3_bucket" "logs" { … }`."""

    kind: str
    labels: tuple[str, ...]
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class TerraformFile(Part):
    """The blocks of one `.tf` file."""

    at: Location
    directory: str
    blocks: tuple[Block, ...]
    broken: int
    """The line of the first syntax error; 0 where there is none."""


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


def extract(file: File) -> Iterator[Fact | Gap | Part]:
    """The blocks of one file, and a gap where its syntax is broken."""
    blocks, broken = read_blocks(file.content)
    kept = tuple(block for block in blocks if block.kind in _BLOCKS)
    if broken:
        yield Gap(
            at=file.at(broken), reason=GapReason.PARSE_ERROR, what="not valid HCL", blinds=("ModuleCall",),
            under=file.directory, settle="Mend the file, or name it a template.",
        )  # fmt: skip
    if kept:
        yield TerraformFile(file.path, file.at(kept[0].line), file.directory, kept, broken)


def assemble(parts: Iterable[Part], published: bool) -> Iterator[Fact]:
    """Roots, modules and calls from the blocks of a whole repository.

    published: the repository releases versions, so a module that is not run from here is offered to others.
    """
    directories: dict[str, list[TerraformFile]] = defaultdict(list)
    for part in parts:
        if isinstance(part, TerraformFile):
            directories[part.directory].append(part)
    called: set[str] = set()
    run: set[str] = set()
    calls: dict[str, list[ModuleCall]] = {}
    for directory, files in directories.items():
        calls[directory] = list(_calls(directory, files))
        inside = {_local(directory, call.source) for call in calls[directory] if call.origin == "local"}
        called |= inside
        run |= inside if _is_run(files) else set()
    for directory, files in directories.items():
        yield from calls[directory]
        yield _place(directory, files, calls[directory], directory in called, published and directory not in run)
        yield from _releases(directory, files)


def _calls(directory: str, files: Iterable[TerraformFile]) -> Iterator[ModuleCall]:
    for file in files:
        for block in file.blocks:
            if block.kind == "module" and (source := attribute(block, "source")):
                yield ModuleCall(
                    at=_at(file, block), tool="terraform" if _origin(source) == "local" else "terraform-modules", path=directory,
                    source=source, origin=_origin(source),
                    pinned=bool(_PIN.search(attribute(block, "version") or source)),
                )  # fmt: skip


def _place(
    directory: str, files: list[TerraformFile], calls: list[ModuleCall], called: bool, published: bool
) -> TerraformRoot | TerraformModule:
    blocks = [block for file in files for block in file.blocks]
    backend = _backend(blocks)
    providers = tuple(sorted({b.labels[0] for b in blocks if b.kind == "provider" and b.labels}))
    resources = [b.labels[0] for b in blocks if b.kind == "resource" and b.labels]
    configured = _configures(blocks)
    interface = sum(1 for b in blocks if b.kind in ("variable", "output"))
    at = next((file.at for file in files if file.path.endswith("main.tf")), files[0].at)
    looks_called = called or _in_modules(directory) or (published and not backend and not configured and interface > 0)
    if not backend and looks_called:
        return TerraformModule(
            at=at, tool="terraform-modules", path=directory, resources=len(resources), called_locally=called,
            published=published,
        )  # fmt: skip
    return TerraformRoot(
        at=at, tool="terraform", path=directory, backend=backend or "local", providers=providers,
        resources=len(resources), resource_types=tuple(sorted(set(resources))),
        modules_local=sum(c.origin == "local" for c in calls),
        modules_pinned=sum(c.pinned for c in calls if c.origin != "local"),
        modules_unpinned=sum(not c.pinned for c in calls if c.origin != "local"),
    )  # fmt: skip


def _is_run(files: Iterable[TerraformFile]) -> bool:
    """Whether Terraform is run here: what such a directory calls is its own, not an offer to others."""
    blocks = [block for file in files for block in file.blocks]
    return bool(_backend(blocks)) or _configures(blocks)


def _configures(blocks: Iterable[Block]) -> bool:
    return any(block.kind == "provider" and "=" in block.text for block in blocks)


def _backend(blocks: Iterable[Block]) -> str:
    for block in blocks:
        if block.kind == "terraform":
            uncommented = re.sub(r"(?m)^\s*(#|//).*$", "", block.text)
            if found := re.search(r'\bbackend\s+"(\w+)"|\b(cloud)\s*\{', uncommented):
                return found[1] or found[2]
    return ""


def _releases(directory: str, files: Iterable[TerraformFile]) -> Iterator[HelmRelease]:
    for file in files:
        for block in file.blocks:
            if block.kind == "resource" and block.labels[:1] == ("helm_release",):
                yield HelmRelease(
                    at=_at(file, block), tool="helm", path=directory, chart=attribute(block, "chart"),
                    version=attribute(block, "version") or None,
                )  # fmt: skip


def _origin(source: str) -> str:
    if source.startswith((".", "/")):
        return "local"
    return "git" if "git" in source.split("?")[0] and ("::" in source or "://" in source or "github.com" in source) else "registry"


def _local(directory: str, source: str) -> str:
    return normpath(f"{directory}/{source.split('//')[0] if '//' in source else source}")


def _in_modules(directory: str) -> bool:
    return bool(re.search(r"(^|/)_?modules?(/|$)", directory))


def _at(file: TerraformFile, block: Block) -> Location:
    return Location(target=file.at.target, path=file.path, line=block.line)


TERRAFORM = Extractor(name="terraform", run=extract, suffixes=(".tf", ".tofu"))
