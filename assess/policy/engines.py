"""The engines by name, and what a scan asks them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assess.collect.cache import Cache
from assess.collect.git.repository import Repository
from assess.errors import UsageError
from assess.model.finding import Finding
from assess.model.target import Source, Target
from assess.policy.engine import Checked, Engine, run
from assess.policy.rego import catalogue
from assess.policy.rego.engine import Evaluator, Rego
from assess.policy.rego.verdicts import Verdicts
from assess.policy.tree import Tree
from assess.spec.estate import Estate
from assess.spec.strict import near_miss

ENGINES = ("rego", "checkov")


@dataclass(frozen=True, slots=True)
class Means:
    """With what Rego is evaluated.

    opa: the program that compiles a pack; empty for the one on the PATH. opa_url: a server that evaluates; empty for this
    process. cache: where answers and machine code are kept; nobody but the user may write to it.
    """

    opa: str = ""
    opa_url: str = ""
    cache: Cache | None = None


def engine(name: str, means: Means | None = None) -> Engine:
    """An engine that is ready to check; nothing heavy is loaded before it has something to read.

    Errors: UsageError for a name that there is not; EngineFailed where its policies are not there.
    """
    if name == "rego":
        return rego(means or Means())
    if name == "checkov":
        from assess.policy.checkov.engine import Checkov

        return Checkov()
    raise UsageError(f"no engine '{name}'{near_miss(name, ENGINES)}", fix=f"One of: {', '.join(ENGINES)}.")


def rego(means: Means) -> Rego:
    """Our policies, in this process or on an OPA server. Errors: EngineFailed where they are not there."""
    return _rego(catalogue.load(), means, "rego")


def pack_engine(pack: Path, sources: Mapping[str, str], others: Iterable[Engine], means: Means) -> Engine:
    """The policies of a pack as an engine of its own, `rego:DIR`. others: those that are there, whose ids are taken.

    Errors: ContentError for a pack that does not check; EngineFailed where nothing is there to compile it.
    """
    from assess.policy.rego import pack as packs

    taken = [policy for other in others if isinstance(other, Rego) for policy in other.catalogue.policies]
    taken += [policy for policy in catalogue.load().policies if policy not in taken]
    found = packs.catalogue(pack, sources, taken, opa=means.opa, server=bool(means.opa_url), cache=means.cache)
    return _rego(found, means, f"rego:{pack}")


def _rego(policies: catalogue.Catalogue, means: Means, name: str) -> Rego:
    """A verdict of a server is not kept: that the server does not answer has to be seen."""
    kept = None if means.opa_url else Verdicts.of(policies, means.cache)
    return Rego(policies, _evaluator(policies, means), name, kept)


def _evaluator(policies: catalogue.Catalogue, means: Means) -> Callable[[], Evaluator]:
    if means.opa_url:
        from assess.policy.rego import server as rego_server

        token, ca = os.environ.get("IDP_ASSESS_OPA_TOKEN", ""), os.environ.get("IDP_ASSESS_OPA_CA", "")
        return lambda: rego_server.evaluator(policies, means.opa_url, token=token, ca=ca)

    def here() -> Evaluator:
        from assess.policy.rego import wasm as rego_wasm

        return rego_wasm.evaluator(policies, cache=means.cache)

    return here


def check_targets(
    read: Iterable[tuple[Path, Target]], checks: Sequence[str], estate: Estate, means: Means | None = None, packs: Iterable[Path] = ()
) -> tuple[tuple[Finding, ...], str]:
    """The findings of repositories at the commits that were read, and a sentence that says what was asked.

    packs: directories of further policies. An engine that fails is an error finding, and the sentence counts it.
    """
    means = means or Means()
    repositories = [(path, target) for path, target in read if target.source is Source.GIT and target.read]
    engines = [engine(name, means) for name in dict.fromkeys(checks)]
    for pack in packs:
        from assess.policy.rego.pack import on_disk

        engines.append(pack_engine(pack, on_disk(pack), engines, means))
    trees = [Tree(Repository(path, target.label, target.commit), estate=estate) for path, target in repositories]
    answers = [(one.name, [run(one, [tree])[0] for tree in trees]) for one in engines]
    findings = tuple(f for _, checked in answers for one in checked for f in one.findings)
    return findings, " ".join(_sentence(name, checked) for name, checked in answers) or "No policy engine was asked."


def _sentence(name: str, checked: Sequence[Checked]) -> str:
    inputs, policies = sum(one.inputs for one in checked), max((one.policies for one in checked), default=0)
    unseen = sum(f.unseen for one in checked for f in one.findings)
    if not inputs and not unseen:
        return f"{name} was asked and found no file that its policies judge."
    tail = f", {unseen} times without a verdict" if unseen else ""
    return f"{name} judged {inputs} files with {policies} policies{tail}."
