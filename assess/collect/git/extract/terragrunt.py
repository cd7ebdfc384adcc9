"""Terragrunt: units and stacks, with where each takes its module from, also through what it includes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import dirname, normpath

from assess.collect.git.extract.objects import resolved
from assess.collect.git.extract.terraform import Called
from assess.collect.git.file import Extractor, File, Part
from assess.collect.git.hcl import Block, read_blocks
from assess.model.credentials import is_secret
from assess.model.fact import Definition, Fact
from assess.model.gap import Gap, GapReason
from assess.model.target import Location
from assess.spec.document import DocumentError


@dataclass(frozen=True, slots=True)
class Configuration(Part):
    """One file of Terragrunt. sources: where modules come from, as written. includes: the paths it includes, as written.

    own: it is run itself, as a unit or stack; other files only are included.
    """

    at: Location
    own: bool
    stack: bool
    sources: tuple[str, ...]
    includes: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict, hash=False)


def terragrunt(file: File) -> Iterator[Fact | Gap | Part]:
    """A unit or stack, or what such a one includes; a unit of a catalog, which waits for a stack's values, is neither.

    Source: https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/
    """
    own = file.name in _RUN
    try:
        blocks, broken = read_blocks(file.content)
    except DocumentError as error:
        yield file.unreadable(error, "Definition", under=file.directory)
        return
    by_kind = {kind: [block for block in blocks if block.kind == kind] for kind in _BLOCKS}
    if broken and own and b"{{" not in file.content:
        yield Gap(
            at=file.at(broken), reason=GapReason.PARSE_ERROR, what="not valid HCL", blinds=("Definition",), under=file.directory,
            settle="Mend the file.",
        )  # fmt: skip
    parts = [*by_kind["unit"], *by_kind["stack"]]
    told = parts or by_kind["terraform"]
    sources = tuple(source for block in told if (source := _written(block, "source")))
    starts = [*parts, *by_kind["include"], *(block for block in by_kind["terraform"] if _written(block, "source"))]
    if any(_WAITS.search(source) for source in sources) or (own and not starts):
        return
    values = {name: value for block in by_kind["locals"] for name, value in _LITERAL.findall(block.text) if not is_secret(name)}
    includes = tuple(path for block in by_kind["include"] if (path := _written(block, "path")))
    if own or sources or values:
        line = min((block.line for block in starts), default=1)
        yield Configuration(file.path, file.at(line), own, bool(parts), sources, includes, values)
    yield from (Called(file.path, path) for source in sources for path in _local(file.directory, source))


_RUN = {"terragrunt.hcl", "terragrunt.stack.hcl"}
_BLOCKS = ("terraform", "include", "unit", "stack", "locals")
_WAITS = re.compile(r"\bvalues\.\w")
_LITERAL = re.compile(r'(?m)^[ \t]*(\w+)[ \t]*=[ \t]*"([^"\n]*)"')
_REFERENCE = re.compile(r"\$\{(?:local|include(?:\.\w+)?\.locals)\.(\w+)\}|^(?:local|include(?:\.\w+)?\.locals)\.(\w+)$")
_HERE = re.compile(r"(?:\./|\.\./|\.$|/|\$\{(?:get_(?:repo_root|terragrunt_dir|parent_terragrunt_dir|original_terragrunt_dir|path_from_repo_root)|"
                   r"path_relative|find_in_parent_folders|dirname)\()")  # fmt: skip
_VERSION = re.compile(r"[?&](?:ref|version)=([^&]*)")
_FIXED = re.compile(r"(?:.*[-_/])?v?\d+(?:\.\d+)+|v\d+$|[0-9a-f]{7,40}$")


def _written(block: Block, name: str) -> str:
    """The value of an attribute as written; without its quotes, where it is a string."""
    found = re.search(rf"(?m)(?:^|\{{)[ \t]*{name}[ \t]*=[ \t]*([^\n]+)", block.text)
    value = found[1].strip() if found else ""
    literal = re.match(r'"([^"]*)"[ \t]*(?:[}#]|//|$)', value)
    return literal[1] if literal else value.strip('"')


def _local(directory: str, source: str) -> list[str]:
    """The directories of the repository that a source names for certain, each branch of a condition among them."""
    branches = re.findall(r'"(\.\.?/[^"$]+)"', f'"{source}"') if _CHOICE.search(source) else [source]
    found = []
    for branch in branches:
        plain = re.sub(r"(?<!:)//", "/", branch)
        relative = plain.removeprefix("${get_terragrunt_dir()}/")
        if plain.startswith("${get_repo_root()}"):
            found.append(normpath(plain.removeprefix("${get_repo_root()}").lstrip("/") or "."))
        elif relative.startswith(".") and "${" not in relative:
            found.append(resolved(directory, relative))
    return found


_CHOICE = re.compile(r"[ )]\?[ (\"]")
"""A conditional expression."""


def assemble(parts: Iterable[Part]) -> Iterator[Fact]:
    """The units and stacks of a repository, each with how many of its modules come at fixed versions."""
    files = {part.path: part for part in parts if isinstance(part, Configuration)}
    for part in files.values():
        if not part.own:
            continue
        included = [files.get(path) for path in (_included(part.path, written, files) for written in part.includes)]
        values = {name: value for other in (*included, part) if other for name, value in other.values.items()}
        sources = part.sources or tuple(source for other in included if other for source in other.sources)
        kinds = [_kind(source, values) for source in sources]
        if not sources:
            kinds = ["open" if None in included else "local"]
        yield Definition(
            at=part.at, tool="terragrunt", path=dirname(part.path) or ".", form="infrastructure",
            objects=len(sources) if part.stack else 1, packages_local=kinds.count("local"),
            packages_pinned=None if "open" in kinds else kinds.count("pinned"), packages_unpinned=kinds.count("unpinned"),
        )  # fmt: skip


def _included(path: str, written: str, files: Mapping[str, Configuration]) -> str:
    """The file that an include means: by a name looked for upwards, or by the part of its path behind the last expression."""
    found = re.search(r"find_in_parent_folders\((?:\"([^\"]*)\")?", written)
    tail = written.rpartition("}")[2] if "${" in written else "" if found else written
    if tail.startswith("."):
        return resolved(dirname(path), tail)
    name = tail.lstrip("/") or ((found[1] or "terragrunt.hcl") if found else "")
    if not name and written.startswith("find_in_parent_folders("):
        name = "terragrunt.hcl"
    above = dirname(path)
    while above:
        above = dirname(above)
        candidate = normpath(f"{above}/{name}") if above else name
        if candidate in files:
            return candidate
    return ""


def _kind(source: str, values: Mapping[str, str]) -> str:
    """local, pinned or unpinned; open where an expression hides it."""
    for _ in range(4):
        source = _REFERENCE.sub(lambda match: values.get(match[1] or match[2], match[0]), source)
    if _CHOICE.search(source):
        return "open"
    if _HERE.match(source):
        return "local"
    if version := _VERSION.search(source):
        return "pinned" if _FIXED.match(version[1]) else "open" if "${" in version[1] else "unpinned"
    return "open" if "${" in source or not re.search(r"[:/]", source) else "unpinned"


TERRAGRUNT = Extractor(
    name="terragrunt", run=terragrunt, suffixes=(".hcl",),
    within=re.compile(r"^(?!(?:.*/)?(?:\.terragrunt-(?:cache|stack)/|\.tflint\.hcl|\.terraform\.lock\.hcl|[^/]*\.(?:pkr|nomad|pkrvars)\.hcl$))"),
    words=(b"terraform", b"include", b"locals", b"unit", b"stack"), marks=re.compile(rb"(?m)^[ \t]*(?:terraform|include|locals|unit|stack)\b"),
)  # fmt: skip
