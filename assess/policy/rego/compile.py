"""Policies compiled by OPA to WebAssembly, with a manifest of what is in it; the check mode compares instead of writing."""

from __future__ import annotations

import json
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from assess.errors import ContentError, ExitCode
from assess.policy.engine import EngineFailed
from assess.policy.rego import opa as program
from assess.policy.rego import text as rego_text
from assess.policy.rego.builtins import CHANGING, REPLACED
from assess.policy.rego.catalogue import AGGREGATE, aggregate, digest, read_sources
from assess.spec.policy import Manifest, PolicySpec
from assess.spec.shipped import shipped

_NOTE = "Written by `idp-assess pack compile` from the sources beside it; do not edit."


@dataclass(frozen=True, slots=True)
class Compiled:
    """A module and its manifest; `files` are those of `compiled/`, by name."""

    manifest: Manifest
    wasm: bytes

    @property
    def files(self) -> Mapping[str, bytes]:
        """File name -> content."""
        text = json.dumps(self.manifest.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"
        return {"policies.wasm": self.wasm, "manifest.json": text.encode()}


def run_compile(*, check: bool = False, opa: str = "", root: Path | None = None) -> ExitCode:
    """Compile the policies and write `compiled/`, or say (exit 1) which file there is stale."""
    root = root or shipped("policies")
    built = shipped("policies").parent / ".tools" / "bin" / "opa"
    fresh = compile_policies(root, program.find(opa or (str(built) if built.is_file() else "")))
    folder = root / "compiled"
    stale = [name for name, content in fresh.files.items() if not _same(folder / name, content)]
    if check:
        for name in stale:
            print(f"idp-assess: {folder / name} is stale: run `idp-assess pack compile`", file=sys.stderr)
        return ExitCode.FAILED if stale else ExitCode.PASSED
    folder.mkdir(exist_ok=True)
    for name in stale:
        (folder / name).write_bytes(fresh.files[name])
    print(f"{len(stale)} of {len(fresh.files)} files written to {folder}", file=sys.stderr)
    return ExitCode.PASSED


def compile_policies(root: Path, opa: Path) -> Compiled:
    """As `compile_sources`, of a directory; what OPA calls bad style is refused too."""
    sources = read_sources(root)
    if not any(name.startswith("rego/") for name in sources):
        raise ContentError("holds no policy", str(root / "rego"))
    return compile_sources(sources, opa, strict=True)


def compile_sources(sources: Mapping[str, str], opa: Path, *, strict: bool = False) -> Compiled:
    """The compiled module and its manifest. The same sources and OPA give the same bytes.

    Errors: ContentError for sources that do not compile or whose METADATA is not what it should be; EngineFailed.
    """
    policies = specs(sources)
    with TemporaryDirectory(prefix="idp-assess-") as scratch:
        # A copy under fixed names: OPA writes file names into the module, and compiles all that it finds.
        work = Path(scratch)
        for name, text in sources.items():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_text(rego_text.renamed(text, REPLACED), encoding="utf-8")
        (work / "aggregate.rego").write_text(aggregate(policies), encoding="utf-8")
        allowed = ("--capabilities", str(program.capabilities(opa, work)))
        files = ("aggregate.rego", *sorted(sources))
        if strict:
            program.run(opa, work, "check", "--strict", *allowed, *files)
        entrypoint = AGGREGATE.replace(".", "/") + "/answers"
        program.run(opa, work, "build", "-t", "wasm", "-e", entrypoint, "-o", "bundle.tar.gz", *allowed, *files)
        wasm = _module(work / "bundle.tar.gz", opa)
    manifest = Manifest(
        generated=_NOTE, opa=program.version(opa), sources=digest(sources), wasm=sha256(wasm).hexdigest(), policies=policies,
        changing=changing(sources),
    )  # fmt: skip
    return Compiled(manifest, wasm)


def changing(sources: Mapping[str, str]) -> tuple[str, ...]:
    """The builtins in some code whose answers change with the time."""
    return tuple(sorted(name for name in CHANGING if any(rego_text.lines(text, name) for text in sources.values())))


def specs(sources: Mapping[str, str]) -> tuple[PolicySpec, ...]:
    """The policies of a pack, by id. Errors: ContentError with every problem of every file."""
    problems = [problem for name, text in sources.items() for problem in rego_text.problems(name, text)]
    found: list[PolicySpec] = []
    for name in sorted(name for name in sources if name.startswith("rego/")):
        try:
            found.append(rego_text.policy(name, sources[name]))
        except ContentError as error:
            problems.append(error.what)
    for policy in found:
        if sum(other.id == policy.id for other in found) > 1:
            problems.append(f"{policy.file}:1: custom.id: {policy.id} is taken twice")
    if problems:
        raise ContentError("\n".join(problems))
    return tuple(sorted(found, key=lambda policy: policy.id))


def _module(bundle: Path, opa: Path) -> bytes:
    try:
        with tarfile.open(bundle) as archive:
            member = archive.extractfile("/policy.wasm")
            wasm = member.read() if member else b""
    except (OSError, KeyError, tarfile.TarError):
        wasm = b""
    if not wasm:
        raise EngineFailed("opa build made no module", str(opa), program.INSTALL)
    return wasm


def _same(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content
