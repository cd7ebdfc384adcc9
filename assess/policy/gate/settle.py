"""What is done about each finding: the rules of the gate file, then what excuses it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from assess.collect.git.classify import covers
from assess.model.finding import Finding, Severity, Verdict
from assess.policy.gate.compare import Compared
from assess.policy.gate.notices import NAME
from assess.policy.gate.result import Action, Judged, State
from assess.policy.gate.suppressions import Suppressed
from assess.policy.gate.waivers import Waivers
from assess.spec.gate import GATE_FILE, GateFile, GateRule, Known

_RANK = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True)
class Settled:
    """What findings are judged by. known: the baseline by fingerprint. whole: everything is judged, not a change."""

    settings: GateFile
    waivers: Waivers
    suppressed: Suppressed
    known: dict[str, Known]
    whole: bool = False

    def judged(self, compared: Compared) -> Iterator[Judged]:
        """Every finding of a comparison with what is done about it."""
        for state in State:
            for finding in getattr(compared, state.value):
                if state is State.NEW:
                    yield self._new(finding)
                elif state is State.INCOMPARABLE and not finding.unseen:
                    yield self._unsure(finding)
                else:
                    yield Judged(finding, state, Action.REPORT)

    def _new(self, finding: Finding) -> Judged:
        action, because = action_of(self.settings.rules, finding)
        if action is not Action.REPORT and (excuse := self._excuse(finding)):
            return Judged(finding, State.NEW, Action.REPORT, excuse, excused=True)
        return Judged(finding, State.NEW, action, because)

    def _unsure(self, finding: Finding) -> Judged:
        """A finding that the base could not be asked about: where it would be excused, new or old makes no difference."""
        if finding.fingerprint in self.known:
            return Judged(finding, State.UNCHANGED, Action.REPORT, self._listed(finding))
        if excuse := self._excuse(finding):
            return Judged(finding, State.NEW, Action.REPORT, excuse, excused=True)
        return Judged(finding, State.INCOMPARABLE, Action.REPORT)

    def _excuse(self, finding: Finding) -> str:
        """What excuses a finding. Of a change, the baseline excuses nothing: what is new was not there a commit ago."""
        if self.whole and finding.fingerprint in self.known:
            return self._listed(finding)
        if finding.engine == NAME:
            return ""
        if waiver := self.waivers.excuse(finding):
            return f"waiver {waiver.id} of {waiver.owner} until {self.waivers.last_day(waiver)}: {waiver.reason}"
        if self.whole and finding.verdict is Verdict.WAIVED:
            return "suppressed by a comment for its own tool"
        return self.suppressed.excuse(finding)

    def _listed(self, finding: Finding) -> str:
        return f"in the baseline since {self.known[finding.fingerprint].first_seen}"


def action_of(rules: Iterable[GateRule], finding: Finding) -> tuple[Action, str]:
    """What is done about a new finding, and the rule that says so.

    Where no rule fits: what a policy only warns of warns; medium and above blocks, for such a finding is worth stopping for and
    low ones are what gates are switched off for; the rest warns.
    """
    for number, rule in enumerate(rules, 1):
        if _fits(rule, finding):
            action = Action(rule.action)
            if action is Action.BLOCK and not finding.blocks and not rule.policy:
                return Action.WARN, f"rule {number} of {GATE_FILE}, and the policy only warns"
            return action, f"rule {number} of {GATE_FILE}"
    if not finding.blocks:
        return Action.WARN, "the policy only warns"
    if _RANK[finding.severity] >= _RANK[Severity.MEDIUM]:
        return Action.BLOCK, "built-in: medium and above blocks"
    return Action.WARN, "built-in: below medium warns"


def _fits(rule: GateRule, finding: Finding) -> bool:
    return (
        (not rule.severity or finding.severity in rule.severity)
        and (rule.at_least is None or _RANK[finding.severity] >= _RANK[rule.at_least])
        and (not rule.path or any(covers(glob, finding.at.path) for glob in rule.path))
        and (not rule.engine or any(fnmatchcase(finding.engine, glob) for glob in rule.engine))
        and (not rule.policy or any(fnmatchcase(finding.policy, glob) for glob in rule.policy))
    )


def merged(told: Iterable[Compared]) -> Compared:
    """Several comparisons as one."""
    every = list(told)
    return Compared(**{state.value: tuple(f for one in every for f in getattr(one, state.value)) for state in State})


def within(compared: Compared, share: float, minimum: float) -> Compared:
    """With everything judged: places without a verdict are noted where enough has one, or an engine was not lost."""
    lost = [f for f in compared.incomparable if not f.unseen or not f.at.path]
    if share < minimum or minimum >= 1:
        return compared
    return replace(compared, incomparable=tuple(lost), noted=(*compared.noted, *(f for f in compared.incomparable if f not in lost)))
