"""Policies compiled by OPA to WebAssembly, with a manifest of what is in it; the check mode compares instead of writing."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import ValidationError

from assess.content import shipped
from assess.errors import ContentError, ExitCode, UsageError
from assess.policy.catalogue import AGGREGATE, aggregate, digest, read_sources
from assess.policy.kinds import KINDS
from assess.spec.policy import Manifest, Metadata, PolicySpec
from assess.spec.strict import near_miss

SECONDS = 120
_NOTE = "Written by `idp-assess pack compile` from the sources beside it; do not edit."


@dataclass(frozen=True, slots=True)
class Compiled:
    """The files of `compiled/`, by name."""

    files: Mapping[str, bytes]


def run_compile(*, check: bool = False, opa: str = "", root: Path | None = None) -> ExitCode:
    """Compile the policies and write `compiled/`, or say (exit 1) which file there is stale."""
    root = root or shipped("policies")
    fresh = compile_policies(root, find_opa(opa))
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
    """The compiled module and its manifest. The same sources and OPA give the same bytes.

    Errors: ContentError for sources that do not compile or whose METADATA is not what it should be.
    """
    sources = read_sources(root)
    if not any(name.startswith("rego/") for name in sources):
        raise ContentError("holds no policy", str(root / "rego"))
    with TemporaryDirectory(prefix="idp-assess-") as scratch:
        # A copy under fixed names: OPA writes file names into the module, and compiles all that it finds.
        work = Path(scratch)
        for name, text in sources.items():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_text(text, encoding="utf-8")
        policies = _policies(opa, work, sources)
        (work / "aggregate.rego").write_text(aggregate(policies), encoding="utf-8")
        _opa(opa, work, "check", "--strict", ".")
        entrypoint = AGGREGATE.replace(".", "/") + "/answers"
        _opa(opa, work, "build", "-t", "wasm", "-e", entrypoint, "-o", "bundle.tar.gz", "aggregate.rego", *sorted(sources))
        with tarfile.open(work / "bundle.tar.gz") as bundle:
            member = bundle.extractfile("/policy.wasm")
            wasm = member.read() if member else b""
    version = re.search(r"Version: (\S+)", _opa(opa, root, "version"))
    manifest = Manifest(
        generated=_NOTE, opa=version[1] if version else "", sources=digest(sources), wasm=sha256(wasm).hexdigest(),
        policies=policies,
    )  # fmt: skip
    text = json.dumps(manifest.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"
    return Compiled({"policies.wasm": wasm, "manifest.json": text.encode()})


def find_opa(named: str = "") -> Path:
    """The `opa` to use: as named, on the PATH, or built by `make tools`. Errors: UsageError where there is none."""
    built = shipped("policies").parent / ".tools" / "bin" / "opa"
    for place in (named, shutil.which("opa"), str(built)):
        if place and Path(place).is_file():
            return Path(place).absolute()
    raise UsageError("no opa", fix="Put an opa on the PATH, name one with --opa, or run `make tools` in a checkout.")


def _same(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _policies(opa: Path, work: Path, sources: Mapping[str, str]) -> tuple[PolicySpec, ...]:
    annotated = json.loads(_opa(opa, work, "inspect", "-a", "-f", "json", "."))
    blocks = [a for a in annotated.get("annotations", ()) if a["annotations"].get("scope") == "package"]
    metadata = {block["location"]["file"]: block for block in blocks}
    problems: list[str] = []
    found: list[PolicySpec] = []
    for name in sorted(name for name in sources if name.startswith("rego/")):
        parsed = json.loads(_opa(opa, work, "parse", "-f", "json", name))
        try:
            found.append(_policy(name, parsed, metadata.get(name)))
        except ContentError as error:
            problems.append(error.what)
    for policy in found:
        if sum(other.id == policy.id for other in found) > 1:
            problems.append(f"{policy.file}:1: custom.id: {policy.id} is taken twice")
    if problems:
        raise ContentError("\n".join(problems))
    return tuple(sorted(found, key=lambda policy: policy.id))


def _policy(name: str, parsed: Any, annotated: Any) -> PolicySpec:
    """One policy from OPA's syntax tree and its METADATA. Errors: ContentError with every problem of the file."""
    package = ".".join(str(part["value"]) for part in parsed["package"]["path"][1:])
    rules = sorted({rule["head"]["name"] for rule in parsed.get("rules", ()) if rule["head"].get("name") in ("deny", "warn")})
    if annotated is None:
        raise ContentError(f"{name}:1: METADATA: is required, at package scope")
    try:
        head = Metadata.model_validate(annotated["annotations"])
        custom = head.custom
        spec = PolicySpec.model_validate({
            **custom.model_dump(), "package": package, "rules": rules, "title": head.title, "file": name,
            "why": " ".join(head.description.split()), "sources": [link["ref"] for link in head.related_resources],
        })  # fmt: skip
    except ValidationError as invalid:
        at = f"{name}:{annotated['location']['row']}"
        raise ContentError("\n".join(f"{at}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in invalid.errors())) from None
    if spec.reads not in KINDS:
        raise ContentError(f"{name}:1: custom.reads: no kind of document '{spec.reads}'{near_miss(spec.reads, KINDS)}")
    if Path(name).parent.as_posix() != spec.directory:
        raise ContentError(f"{name}:1: package: by id and package the policy belongs into {spec.directory}")
    return spec


def _opa(opa: Path, work: Path, *arguments: str) -> str:
    """What opa prints. Errors: ContentError with its message where it fails."""
    env = {"HOME": str(work), "PATH": "/usr/bin:/bin"}
    done = subprocess.run([str(opa), *arguments], cwd=work, env=env, capture_output=True, timeout=SECONDS, check=False)
    if done.returncode:
        why = (done.stderr or done.stdout).decode(errors="replace")[:4000]
        raise ContentError(f"opa {arguments[0]} refuses the policies:\n{why}")
    return done.stdout.decode()
