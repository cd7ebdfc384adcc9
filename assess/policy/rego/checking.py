"""A pack's policies against their own examples: the good one passes, the bad one does not, both say so in every way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from assess.content import policies_of
from assess.errors import ContentError
from assess.policy.documents import PolicyDocument
from assess.policy.engine import EngineFailed
from assess.policy.rego import catalogue as ours
from assess.policy.rego import pack as packs
from assess.policy.rego.catalogue import Catalogue
from assess.policy.rego.engine import Rego
from assess.policy.rego.examples import example
from assess.policy.rego.wasm import evaluator
from assess.spec.policy import PolicySpec


def check_pack(pack: Path, opa: str = "") -> tuple[int, list[str]]:
    """How many policies a pack has, and what does not check, a line each. Errors: EngineFailed where there is no opa."""
    root = policies_of(pack) or pack
    try:
        found = packs.catalogue(pack, packs.on_disk(pack), ours.load().policies, opa=opa)
    except ContentError as error:
        return 0, error.what.splitlines()
    return len(found.policies), [f"{root}: {problem}" for problem in problems(root, found)]


def problems(root: Path, catalogue: Catalogue) -> Iterator[str]:
    """The examples below a directory that do not come out as they should."""
    evaluate = evaluator(catalogue)
    engine = Rego(catalogue, lambda: evaluate)
    for policy in catalogue.policies:
        for which in ("good", "bad"):
            try:
                place, denied = _denied(root, policy, which, engine)
            except (ContentError, EngineFailed) as error:
                yield f"{policy.file}: {error.what}"
                continue
            if denied and which == "good":
                yield f"{place}: {policy.id} does not let its good example pass"
            elif not denied and which == "bad":
                yield f"{place}: {policy.id} lets its bad example pass"


def _denied(root: Path, policy: PolicySpec, which: str, engine: Rego) -> tuple[str, bool]:
    """The file of an example, and whether its policy has something to say of it."""
    path, read = example(root, policy, which)
    documents = [
        PolicyDocument(f"{which}:{number}", policy.reads, one.path, one.value, one.place) for number, one in enumerate(read)
    ]  # fmt: skip
    found = engine.judge(documents, "example", "example")
    return path.relative_to(root).as_posix(), any(finding.policy == policy.id for finding in found)
