"""Our policies as they are shipped: the manifest, the compiled module, the sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from assess.errors import ContentError
from assess.policy.engine import EngineFailed
from assess.spec.policy import Manifest, PolicySpec
from assess.spec.shipped import shipped
from assess.spec.strict import read_file

AGGREGATE = "idp_assess.aggregate"
"""The package that asks every policy about every document; see `aggregate`."""


@dataclass(frozen=True)
class Catalogue:
    """A set of policies that can be evaluated. root: the directory with `rego`, `lib` and `compiled`.

    wasm, texts: the module and the sources of a pack that was compiled when it was loaded; ours are read when they are needed.
    """

    root: Path
    manifest: Manifest
    wasm: bytes | None = None
    texts: Mapping[str, str] | None = None

    @property
    def policies(self) -> tuple[PolicySpec, ...]:
        """The policies, by id."""
        return self.manifest.policies

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of documents that some policy judges."""
        return frozenset(policy.reads for policy in self.policies)

    def reading(self, kind: str) -> tuple[PolicySpec, ...]:
        """The policies that judge one kind of document."""
        return tuple(policy for policy in self.policies if policy.reads == kind)

    def module(self) -> bytes:
        """The compiled module. Errors: EngineFailed where it is missing or not the one that the manifest names."""
        path = self.root / "compiled" / "policies.wasm"
        if self.wasm is not None:
            return self.wasm
        try:
            content = path.read_bytes()
        except OSError as error:
            raise EngineFailed(f"the compiled policies cannot be read: {error.strerror}", str(path), REPAIR) from None
        if sha256(content).hexdigest() != self.manifest.wasm:
            raise EngineFailed("the compiled policies are not those of the manifest", str(path), REPAIR)
        return content

    def sources(self) -> dict[str, str]:
        """File name -> Rego text. Errors: EngineFailed where they are not those that were compiled."""
        if self.texts is not None:
            return dict(self.texts)
        found = read_sources(self.root)
        if digest(found) != self.manifest.sources:
            raise EngineFailed("the policies' sources are not those that were compiled", str(self.root), REPAIR)
        return found


REPAIR = "Install idp-assess again; in a checkout run `idp-assess pack compile`."


def load(root: Path | None = None) -> Catalogue:
    """Our policies, or those below another directory of the same shape. Errors: EngineFailed where there is none."""
    root = root or shipped("policies")
    path = root / "compiled" / "manifest.json"
    if not path.is_file():
        raise EngineFailed("no compiled policies here", str(path), REPAIR)
    try:
        manifest = read_file(path, Manifest, ContentError)
    except ContentError as error:
        raise EngineFailed(error.what, "", REPAIR) from None
    if not manifest.policies:
        raise EngineFailed("the pack holds no policy: nothing would be checked", str(path), REPAIR)
    return Catalogue(root, manifest)


def read_sources(root: Path) -> dict[str, str]:
    """The Rego files of a pack without their tests, by path relative to it, in order."""
    files = {path.relative_to(root).as_posix(): path for area in ("lib", "rego") for path in (root / area).rglob("*.rego")}
    return {name: path.read_text(encoding="utf-8") for name, path in sorted(files.items()) if policy_file(name)}


def policy_file(name: str) -> bool:
    """Whether a path below a pack's policies is one that is compiled: a test is not."""
    return name.startswith(("lib/", "rego/")) and name.endswith(".rego") and not name.endswith("_test.rego")


def digest(sources: Mapping[str, str]) -> str:
    """sha256 over names and content, whatever the order."""
    return sha256("\0".join(f"{name}\0{text}" for name, text in sorted(sources.items())).encode()).hexdigest()


def aggregate(policies: Iterable[PolicySpec]) -> str:
    """The Rego module by which one call asks every policy that reads a document's kind.

    Each rule of each policy is a key of its own, so that an undefined one is seen as a missing key, not as a pass.
    Measured: one entrypoint over a batch is 15 times faster than one a policy (shared/notes/compliance.md section 4).
    """
    by_kind: dict[str, list[PolicySpec]] = {}
    for policy in sorted(policies, key=lambda p: p.id):
        by_kind.setdefault(policy.reads, []).append(policy)
    parts = [f"package {AGGREGATE}\n"]
    for kind, reading in sorted(by_kind.items()):
        name = "asked_of_" + kind.replace("-", "_")
        parts.append(
            "answers[position] := answer if {\n\tsome position, document in input.documents\n"
            f'\tdocument.kind == "{kind}"\n\tanswer := {name} with input as document.content\n}}\n'
        )
        parts += [f'{name}["{p.id}"].{rule} := data.{p.package}.{rule}\n' for p in reading for rule in p.rules]
    return "\n".join(parts)
