"""The result of a gate: what every output format is made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from assess.errors import ExitCode
from assess.model.finding import Finding, PolicyText, Severity
from assess.model.target import Target
from assess.policy.engine import TITLES, Checked

SCHEMA = "idp-assess/gate/v1"


class State(StrEnum):
    """What a change did to a finding."""

    NEW = "new"
    RESOLVED = "resolved"
    UNCHANGED = "unchanged"
    INCOMPARABLE = "incomparable"
    """One side could not be asked: neither new nor old."""
    NOTED = "noted"
    """Not seen on both sides alike, where nothing of it was touched: said, and not held against the change."""


class Action(StrEnum):
    """What the gate does about a finding."""

    BLOCK = "block"
    WARN = "warn"
    REPORT = "report"
    """It is written down, and nothing else."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding and what the gate makes of it.

    because: what decided the action, a few words: a setting with its line, a waiver by its id, the baseline.
    excused: whether a waiver, a suppression or the baseline keeps a finding that would block from blocking.
    """

    finding: Finding
    state: State
    action: Action
    because: str = ""
    excused: bool = False


@dataclass(frozen=True, slots=True)
class EngineRun:
    """What one engine was asked. inputs: the files of the head that it read for this change."""

    name: str
    policies: int = 0
    inputs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """The verdict on one change.

    target: the repository at the head. base: the merge base, not the tip of the base branch. aside: touched files that an
    engine reads by their name, left out because their tree does not count as use (tests, examples, vendored). judged: every
    finding, worst first.
    policies: a text for each policy that judged something of the head, or that has a finding, by id.
    settings: what the verdict goes by and where it is from, in a few sentences.
    """

    schema: str = SCHEMA
    target: Target
    base: str
    touched: int
    aside: tuple[str, ...]
    engines: tuple[EngineRun, ...]
    judged: tuple[Judged, ...]
    policies: tuple[PolicyText, ...] = ()
    settings: tuple[str, ...] = ()

    @property
    def head(self) -> str:
        """The commit that was judged."""
        return self.target.commit

    def of(self, state: State) -> tuple[Judged, ...]:
        """What is in one state, worst first."""
        return tuple(one for one in self.judged if one.state is state)

    @property
    def blocking(self) -> tuple[Judged, ...]:
        """The new findings that fail the gate."""
        return tuple(one for one in self.of(State.NEW) if one.action is Action.BLOCK)

    @property
    def exit_codes(self) -> tuple[ExitCode, ...]:
        """Every code that applies; the process ends with the first: 1 beats 3."""
        codes = [ExitCode.FAILED] * bool(self.blocking) + [ExitCode.INCOMPLETE] * bool(self.of(State.INCOMPARABLE))
        return tuple(codes) or (ExitCode.PASSED,)


def described(after: Iterable[Checked], before: Iterable[Checked], judged: Iterable[Judged]) -> tuple[PolicyText, ...]:
    """A text for each policy that judged something of the head, or that has a finding, by id.

    before: texts that may be asked for a finding: of the base, of the gate itself.
    """
    texts, once = ({text.id: text for one in side for text in one.texts} for side in (after, before))
    for finding in (one.finding for one in judged):
        if finding.policy not in texts:
            texts[finding.policy] = once.get(finding.policy) or PolicyText(
                id=finding.policy, engine=finding.engine, title=TITLES.get(finding.policy, finding.policy),
                severity=finding.severity, why=finding.why, fix=finding.fix, remedy=finding.remedy,
            )  # fmt: skip
    return tuple(texts[name] for name in sorted(texts))


def worst_first(judged: Iterable[Judged]) -> tuple[Judged, ...]:
    """Blocking before warnings, then by severity, then by place."""
    worst, actions = list(Severity)[::-1], list(Action)

    def order(one: Judged) -> tuple[int, int, str, int, str]:
        finding = one.finding
        return actions.index(one.action), worst.index(finding.severity), finding.at.path, finding.at.line, finding.policy

    return tuple(sorted(judged, key=order))
