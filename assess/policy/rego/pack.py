"""A user's policies: a directory of the same shape as ours, compiled by an `opa` and kept by content, or for a server to evaluate."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path, PurePosixPath

from assess.collect.cache import Cache
from assess.content import policies_of
from assess.errors import ContentError
from assess.model.gap import Gap
from assess.policy.rego import opa as program
from assess.policy.rego.catalogue import Catalogue, digest, policy_file
from assess.policy.rego.compile import changing, compile_sources, specs
from assess.policy.tree import Tree
from assess.spec.policy import Manifest, PolicySpec
from assess.spec.strict import parse

MAX_FILES, MAX_BYTES = 2_000, 20_000_000
"""What one pack may hold."""
_FORM = "1"
"""Of what is kept; another one is compiled again."""


def on_disk(pack: Path) -> dict[str, str]:
    """The Rego files of a pack without their tests. Errors: ContentError where it has none, or more than a pack may hold."""
    root = policies_of(pack)
    if root is None:
        raise ContentError("holds no policies", str(pack), "A pack has rego/AREA/ID-NAME/policy.rego, below it or below policies/.")
    paths = {path.relative_to(root).as_posix(): path for area in ("lib", "rego") for path in (root / area).rglob("*.rego")}
    kept = {name: path for name, path in sorted(paths.items()) if policy_file(name) and path.is_file()}
    _bounded(pack, len(kept), sum(path.stat().st_size for path in kept.values()))
    return _texts(pack, {name: path.read_bytes() for name, path in kept.items()})


def in_tree(tree: Tree, place: str) -> dict[str, str]:
    """As `on_disk`, of a pack that lies in a commit, at a path of it; empty where there is none."""
    for prefix in (f"{place}/policies/", f"{place}/"):
        start = prefix.removeprefix("./").lstrip("/")
        found = {path.removeprefix(start): entry for path, entry in tree.entries.items() if path.startswith(start)}
        kept = {name: entry for name, entry in sorted(found.items()) if policy_file(name)}
        if any(name.startswith("rego/") for name in kept):
            _bounded(Path(place), len(kept), 0)
            contents = {name: tree.blob(entry) for name, entry in kept.items()}
            read = {name: content for name, content in contents.items() if not isinstance(content, Gap)}
            if len(read) < len(contents):
                raise ContentError("has a file that cannot be read", place)
            _bounded(Path(place), len(read), sum(map(len, read.values())))
            return _texts(Path(place), read)
    return {}


def catalogue(
    pack: Path, sources: Mapping[str, str], taken: Iterable[PolicySpec], *, opa: str = "", server: bool = False, cache: Cache | None = None
) -> Catalogue:  # fmt: skip
    """The policies of a pack, ready to be evaluated.

    taken: the policies that there are already; an id is given once. server: a server compiles them, and no opa is needed here.
    Errors: ContentError for a pack that does not check; EngineFailed where there is no opa, or it does not do its work.
    """
    if not any(PurePosixPath(name).parts[0] == "rego" for name in sources):
        raise ContentError("holds no policy: nothing would be checked", str(pack))
    try:
        found = specs(sources)
        owners = {policy.id: policy.file for policy in taken}
        if twice := [f"{p.file}:1: custom.id: {p.id} is taken by {owners[p.id]}" for p in found if p.id in owners]:
            raise ContentError("\n".join(twice))
        if server:
            manifest = Manifest(
                generated="", opa="", sources=digest(sources), wasm="", policies=found, changing=changing(sources)
            )  # fmt: skip
            return Catalogue(pack, manifest, b"", sources)
        manifest, wasm = _compiled(sources, program.find(opa), cache)
    except ContentError as error:
        raise ContentError("\n".join(f"{pack}: {line}" for line in error.what.splitlines()), fix=_FIX) from None
    return Catalogue(pack, manifest, wasm, sources)


_FIX = "`idp-assess pack check DIR` checks a pack without scanning."


def _compiled(sources: Mapping[str, str], opa: Path, cache: Cache | None) -> tuple[Manifest, bytes]:
    """The manifest and the module: from the cache, where the same sources were compiled by the same OPA."""
    key = sha256(f"rego-pack {_FORM} {digest(sources)} {program.version(opa)}".encode()).digest()
    kept = None if cache is None else cache.get(key)
    if kept is not None and (found := _sound(kept, digest(sources))):
        return found
    made = compile_sources(sources, opa)
    if cache is not None:
        cache.put(key, json.dumps(made.manifest.model_dump(mode="json")).encode() + b"\0" + made.wasm)
    return made.manifest, made.wasm


def _sound(kept: bytes, sources: str) -> tuple[Manifest, bytes] | None:
    """What was kept, if it is whole: a manifest of these sources, and the module that it names."""
    head, _, wasm = kept.partition(b"\0")
    try:
        manifest = parse(head, "cache", Manifest, ContentError)
    except ContentError:
        return None
    return (manifest, wasm) if manifest.sources == sources and manifest.wasm == sha256(wasm).hexdigest() else None


def _bounded(pack: Path, files: int, size: int) -> None:
    if files > MAX_FILES or size > MAX_BYTES:
        raise ContentError(f"holds more than {MAX_FILES} files or {MAX_BYTES} bytes of policies", str(pack), "Split it.")


def _texts(pack: Path, contents: Mapping[str, bytes]) -> dict[str, str]:
    try:
        return {name: content.decode() for name, content in contents.items()}
    except UnicodeDecodeError:
        raise ContentError("holds a policy that is no UTF-8", str(pack)) from None
