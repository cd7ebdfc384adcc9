"""What every engine is given and hands back; an engine that fails is a finding of its own, never silence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from assess.errors import IncompleteError
from assess.model.finding import Finding, PolicyText, Severity, Verdict
from assess.model.target import Location
from assess.policy.fingerprint import identify
from assess.policy.tree import Tree

ENGINE, PARSE, CRASH, LOST, UNSEEN = "CHECK-ENGINE", "CHECK-PARSE", "CHECK-CRASH", "CHECK-LOST", "CHECK-UNSEEN"
"""Policy ids of trouble: the engine failed; a file does not parse; one check crashed; a file was dropped; it cannot be read."""


TITLES: dict[str, str] = {
    ENGINE: "Every engine that was asked answers",
    PARSE: "Every file that is checked can be parsed",
    CRASH: "No check crashes",
    LOST: "No file is dropped in silence",
    UNSEEN: "Every file that is checked can be read",
}
"""What each of them asks for."""


class EngineFailed(IncompleteError):
    """An engine cannot be used, crashed, ran out of time, or answered what is no answer."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What one engine says about one tree.

    inputs: the files that it read. policies: the policies that it would have asked. texts: those that judged something.
    unjudged: files that were touched and that no policy says anything of before another program has filled them in.
    """

    findings: tuple[Finding, ...] = ()
    inputs: int = 0
    policies: int = 0
    texts: tuple[PolicyText, ...] = ()
    unjudged: tuple[str, ...] = ()


class Engine(Protocol):
    """Something that evaluates policies. Every tree is checked with the same policies."""

    @property
    def name(self) -> str:
        """rego or checkov."""

    def reads(self, tree: Tree, path: str) -> bool:
        """Whether a file of a tree, by its path there, can change what the engine says."""

    def check(self, trees: Sequence[Tree]) -> list[Checked]:
        """One answer a tree, in order. Errors: EngineFailed."""


def run(engine: Engine, trees: Sequence[Tree]) -> list[Checked]:
    """As `engine.check`; a failed engine becomes one error finding a tree."""
    try:
        answers = engine.check(trees)
    except EngineFailed as failure:
        where = f"{failure.where}: " if failure.where else ""
        return [
            Checked((trouble(engine.name, ENGINE, Location(target=tree.label), f"{where}{failure.what}", failure.fix),)) for tree in trees
        ]
    if len(answers) != len(trees):
        raise AssertionError(f"{engine.name} gave {len(answers)} answers for {len(trees)} trees")
    return answers


def trouble(engine: str, policy: str, at: Location, message: str, fix: str, verdict: Verdict = Verdict.ERROR) -> Finding:
    """The finding for something that was not checked."""
    bare = Finding(
        policy=policy, engine=engine, verdict=verdict, severity=Severity.HIGH, at=at, address="", message=message, fix=fix,
        why="What was not checked is not known to be right.",
    )  # fmt: skip
    return identify(bare, scope=at.target, path=at.path, evidence={"what": message})


def numbered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings by place, equal fingerprints told apart as `…#2`, `…#3`."""
    from dataclasses import replace

    seen: dict[str, int] = {}
    told: list[Finding] = []
    for finding in sorted(findings, key=lambda f: (f.at.path, f.at.line, f.policy, f.address, f.message)):
        seen[finding.fingerprint] = number = seen.get(finding.fingerprint, 0) + 1
        told.append(finding if number == 1 else replace(finding, fingerprint=f"{finding.fingerprint}#{number}"))
    return tuple(told)
