"""Terraform and OpenTofu: roots, modules and their calls, through tree-sitter's HCL grammar."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from posixpath import basename, dirname, normpath

from assess.collect.git.extract import aws_pipelines, portal_blocks
from assess.collect.git.extract.objects import clean_url
from assess.collect.git.extract.run_platforms import platform_jobs
from assess.collect.git.file import Extractor, File, Part
from assess.collect.git.hcl import Block, attribute, read_blocks, reduced
from assess.model.fact import Fact, HelmRelease, ModuleCall, Procedure, TerraformModule, TerraformRoot
from assess.model.gap import Gap, GapReason
from assess.model.target import Location
from assess.spec.document import DocumentError

_BLOCKS = {"terraform", "provider", "resource", "module", "data", "variable", "output", "moved", "import", "locals"}
_PIN = re.compile(r"^=?\s*v?\d+(\.\d+){1,2}|^~>\s*\d|^>=?\s*\d.*,\s*<|[?&]ref=(v?\d|[0-9a-f]{7,40}$|.{0,200}\d\.\d)")


@dataclass(frozen=True, slots=True)
class TerraformFile(Part):
    """The blocks of one `.tf` file, each reduced to the settings that are asked for."""

    at: Location
    directory: str
    blocks: tuple[Block, ...]
    broken: int
    """The line of the first syntax error; 0 where there is none."""


@dataclass(frozen=True, slots=True)
class Called(Part):
    """A directory that another tool runs as a module: Terragrunt by its `source`, CDK for Terraform."""

    directory: str


def extract(file: File) -> Iterator[Fact | Gap | Part]:
    """The blocks of one file, and a gap where its syntax is broken."""
    try:
        blocks, broken = read_blocks(file.content)
    except DocumentError as error:
        yield file.unreadable(error, "TerraformRoot", "TerraformModule", "ModuleCall", under=file.directory)
        return
    kept = tuple(reduced(block) for block in blocks if block.kind in _BLOCKS)
    if broken:
        yield Gap(
            at=file.at(broken), reason=GapReason.PARSE_ERROR, what="not valid HCL", blinds=("ModuleCall",),
            under=file.directory, settle="Mend the file, or name it a template.",
        )  # fmt: skip
    if kept:
        yield TerraformFile(file.path, file.at(kept[0].line), file.directory, kept, broken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the rest of the repository says of its Terraform."""

    versions: bool = False
    """The repository releases versions of something."""
    procedures: tuple[Procedure, ...] = ()
    paths: Collection[str] = ()


def assemble(parts: Iterable[Part], around: Surroundings) -> Iterator[Fact]:
    """Roots, modules and calls from the blocks of a whole repository, and the workspaces that run its roots."""
    directories: dict[str, list[TerraformFile]] = defaultdict(list)
    elsewhere: set[str] = set()
    for part in parts:
        if isinstance(part, TerraformFile):
            directories[part.directory].append(part)
        elif isinstance(part, Called):
            elsewhere.add(part.directory)
    calls = {directory: list(_calls(directory, files)) for directory, files in directories.items()}
    inside = {d: {_local(d, call.source) for call in made if call.origin == "local"} for d, made in calls.items()}
    started = _started(directories, around)
    run = started | {directory for directory, files in directories.items() if _is_run(files)}
    own = started.union(*(inside[directory] for directory in run))
    called: set[str] = elsewhere.union(*inside.values())
    offers = around.versions and _offers_modules(directories, run, around.paths)
    roots = set()
    for directory, files in directories.items():
        yield from calls[directory]
        placed = _place(directory, files, calls[directory], directory in called, offers and directory not in own, directory in run)
        roots |= {directory} if isinstance(placed, TerraformRoot) else set()
        yield placed
        yield from _releases(directory, files)
    every = [file for files in directories.values() for file in files]
    yield from platform_jobs(every, roots)
    yield from aws_pipelines.from_blocks((file.at, file.blocks) for file in every)
    yield from portal_blocks.from_blocks((file.at, file.directory, file.blocks) for file in every)


def _started(directories: Mapping[str, list[TerraformFile]], around: Surroundings) -> set[str]:
    """The directories that Terraform is run in for values that stand beside them, or by a procedure."""
    values = (p for p in around.paths if p.endswith((".tfvars", ".tfvars.json")) and not _EXAMPLE.search(basename(p)))
    commands = (c for procedure in around.procedures for c in procedure.commands)
    by_hand = {c.path for c in commands if c.does in _RUNS and c.tool in ("terraform", "terragrunt") and c.path != "."}
    return (by_hand | {dirname(path) or "." for path in values}) & directories.keys()


_RUNS = {"plan", "apply", "drift"}
_EXAMPLE = re.compile(r"(?i)example|sample|template")
_NAMED = re.compile(r"(?i)(?:^|/)(?:terraform|tf|opentofu)-[\w-]+$|terraform[\w-]{0,100}modules?|modules?[\w-]{0,100}terraform")


def _offers_modules(directories: Mapping[str, list[TerraformFile]], run: set[str], paths: Collection[str]) -> bool:
    """Whether a repository looks like one of modules: its root is one, or it holds documented ones and nothing that is run.

    Version tags alone say nothing: applications tag releases, too, and keep their Terraform beside them.
    Source: https://developer.hashicorp.com/terraform/language/modules/develop/structure
    """
    kinds = {block.kind for file in directories.get(".", ()) for block in file.blocks}
    if "." not in run and {"variable", "output"} <= kinds:
        return True
    if any(map(_NAMED.search, {files[0].at.target for files in directories.values()})):
        return True
    documented = (d for d in directories if _in_modules(d) and any(f"{d}/{n}" in paths for n in ("README.md", "versions.tf")))
    return not run and next(documented, None) is not None


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
    directory: str, files: list[TerraformFile], calls: list[ModuleCall], called: bool, published: bool, run: bool
) -> TerraformRoot | TerraformModule:
    blocks = [block for file in files for block in file.blocks]
    backend = _backend(blocks)
    providers = tuple(sorted({b.labels[0] for b in blocks if b.kind == "provider" and b.labels}))
    resources = [b.labels[0] for b in blocks if b.kind == "resource" and b.labels]
    configured = _configures(blocks)
    interface = sum(1 for b in blocks if b.kind in ("variable", "output"))
    at = next((file.at for file in files if file.path.endswith("main.tf")), files[0].at)
    looks_called = called or (_in_modules(directory) and not run) or (published and not backend and not configured and interface > 0)
    if not backend and looks_called:
        return TerraformModule(
            at=at, tool="terraform-modules", path=directory, resources=len(resources), called_locally=called,
            published=published,
        )  # fmt: skip
    return TerraformRoot(
        at=at, tool="terraform", path=directory, backend=backend or "local", remote_runs=backend in ("cloud", "remote"),
        providers=providers,
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
        if block.kind == "terraform" and (found := re.search(r'\bbackend\s+"(\w+)"|\b(cloud)\s*\{', block.text)):
            return found[1] or found[2]
    return ""


def _releases(directory: str, files: Iterable[TerraformFile]) -> Iterator[HelmRelease]:
    for file in files:
        for block in file.blocks:
            if block.kind == "resource" and block.labels[:1] == ("helm_release",):
                yield HelmRelease(
                    at=_at(file, block), tool="helm", path=directory, chart=attribute(block, "chart"),
                    version=attribute(block, "version") or None, repository=clean_url(attribute(block, "repository")),
                )  # fmt: skip


def _origin(source: str) -> str:
    if source.startswith((".", "/")):
        return "local"
    return "git" if "git" in source.split("?")[0] and ("::" in source or "://" in source or "github.com" in source) else "registry"


def _local(directory: str, source: str) -> str:
    return normpath(f"{directory}/{source.split('//')[0] if '//' in source else source}")


def _in_modules(directory: str) -> bool:
    return bool(re.search(r"(^|/)(?:[\w.]+[-_]|_)?modules?(/|$)", directory))


def _at(file: TerraformFile, block: Block) -> Location:
    return Location(target=file.at.target, path=file.path, line=block.line)


TERRAFORM = Extractor(name="terraform", run=extract, suffixes=(".tf", ".tofu"))
