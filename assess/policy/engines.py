"""The engines by name, and what a scan asks them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from assess.collect.git.repository import Repository
from assess.errors import UsageError
from assess.model.finding import Finding
from assess.model.target import Source, Target
from assess.policy import catalogue
from assess.policy.engine import Checked, Engine, run
from assess.policy.rego import Evaluator, Rego
from assess.policy.tree import Tree
from assess.spec.estate import Estate
from assess.spec.strict import near_miss

ENGINES = ("rego", "checkov")


def engine(name: str, opa_url: str = "") -> Engine:
    """An engine that is ready to check; nothing heavy is loaded before it has something to read.

    Errors: UsageError for a name that there is not; EngineFailed where its policies are not there.
    """
    if name == "rego":
        return rego(opa_url)
    if name == "checkov":
        from assess.policy.checkov_child import Checkov

        return Checkov()
    raise UsageError(f"no engine '{name}'{near_miss(name, ENGINES)}", fix=f"One of: {', '.join(ENGINES)}.")


def rego(opa_url: str = "") -> Rego:
    """Our policies, in this process or on an OPA server. Errors: EngineFailed where they are not there."""
    policies = catalogue.load()
    return Rego(policies, _evaluator(policies, opa_url))


def _evaluator(policies: catalogue.Catalogue, opa_url: str) -> Callable[[], Evaluator]:
    if opa_url:
        from assess.policy import rego_server

        token, ca = os.environ.get("IDP_ASSESS_OPA_TOKEN", ""), os.environ.get("IDP_ASSESS_OPA_CA", "")
        return lambda: rego_server.evaluator(policies, opa_url, token=token, ca=ca)
    from assess.policy import rego_wasm

    return lambda: rego_wasm.evaluator(policies)


def check_targets(
    read: Iterable[tuple[Path, Target]], checks: Sequence[str], estate: Estate, opa_url: str = ""
) -> tuple[tuple[Finding, ...], str]:
    """The findings of repositories at the commits that were read, and a sentence that says what was asked.

    An engine that fails is an error finding, and the sentence counts it.
    """
    repositories = [(path, target) for path, target in read if target.source is Source.GIT and target.read]
    engines = [engine(name, opa_url) for name in dict.fromkeys(checks)]
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
