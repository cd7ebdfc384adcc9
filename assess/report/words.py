"""The words that reports use for levels, results, reasons and answers, and the sentences made of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import ceil

from assess.model.gap import GapReason
from assess.model.outcome import Result
from assess.model.placement import Gate, Placement
from assess.model.standing import State
from assess.model.unit import ANSWERS, Question
from assess.spec.ladder import Ladder

RESULTS: dict[Result, str] = {
    Result.MET: "yes", Result.UNMET: "no", Result.UNKNOWN: "unknown", Result.NOT_APPLICABLE: "does not apply",
    Result.ERROR: "the rule failed",
}  # fmt: skip

STATES: dict[State, str] = {
    State.NOT_APPLICABLE: "does not apply", State.UNKNOWN: "unknown", State.ABSENT: "absent", State.DECLARED: "declared",
    State.EXERCISED: "exercised", State.EFFECTIVE: "effective",
}  # fmt: skip

REASONS: dict[GapReason, str] = {
    GapReason.NO_PERMISSION: "No permission to read it",
    GapReason.NOT_READ: "Not read",
    GapReason.MISSING_OBJECT: "Missing from the clone",
    GapReason.PARSE_ERROR: "Could not be parsed",
    GapReason.UNRESOLVED: "Points to something that is not here",
    GapReason.TOO_LARGE: "Over a size limit",
    GapReason.TRUNCATED: "Cut short by the source",
    GapReason.SUBMODULE: "A submodule, which is not followed",
    GapReason.EMPTY: "Empty",
    GapReason.ERROR: "The collector failed here",
}

QUESTIONS: dict[Question, str] = {
    Question.DEFINITION: "Written as", Question.EXECUTOR: "Run by", Question.PACKAGED: "Packaged",
    Question.RECONCILED: "Kept in place", Question.REQUESTER: "Requested by",
}  # fmt: skip

_ANSWERS: dict[tuple[Question, str], str] = {
    (Question.DEFINITION, "none"): "nothing", (Question.DEFINITION, "script"): "script",
    (Question.DEFINITION, "declarative"): "declared state", (Question.EXECUTOR, "console"): "console",
    (Question.EXECUTOR, "cli"): "a person at a prompt", (Question.PACKAGED, "n/a"): "not needed",
    (Question.RECONCILED, "n/a"): "not deployed here", (Question.REQUESTER, "platform"): "platform team",
    (Question.REQUESTER, "consumer"): "those who need it",
}  # fmt: skip

KINDS: dict[str, str] = {
    "terraform-root": "Terraform root", "terraform-module": "Terraform module", "definition": "declared project",
    "manifests": "Kubernetes manifests", "release": "Helm release", "chart": "Helm chart", "gitops": "GitOps delivery",
    "scripts": "scripts", "platform-api": "platform API", "portal": "portal", "templates": "software templates",
    "request": "self-service request", "workload": "live workload",
}  # fmt: skip

ROLES: dict[str, str] = {
    "documentation": "documentation", "test": "tests", "example": "examples", "vendored": "vendored code",
    "generated": "generated files", "skeleton": "template skeletons", "archive": "archives",
    "excluded": "left out by the estate file", "own-source": "a tool's own source", "development": "what developers use on their own machines",
}  # fmt: skip

CHANNELS: dict[str, str] = {
    "console": "console", "cli": "command line", "sdk": "SDK or script", "terraform": "Terraform",
    "cloudformation": "CloudFormation", "pulumi": "Pulumi", "operator": "operator", "catalog": "service catalog",
    "unattributed": "not attributed",
}  # fmt: skip

EXECUTORS: dict[str, str] = {
    "human": "a person", "pipeline": "a pipeline", "controller": "a controller", "service": "a cloud service",
    "unknown": "unknown",
}  # fmt: skip


@cache
def ladder() -> Ladder:
    """The six levels in words, as `rules/ladder.yaml` has them."""
    from assess.errors import ContentError
    from assess.spec.shipped import shipped
    from assess.spec.strict import read_file

    return read_file(shipped("rules") / "ladder.yaml", Ladder, ContentError)


def count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: `1 unit`, `1,200 units`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def levels(low: int, high: int) -> str:
    """An interval of levels: `L2`, `L2–L3`."""
    return f"L{low}" if low == high else f"L{low}–L{high}"


def answers(question: Question, possible: tuple[str, ...]) -> str:
    """The answers still possible, in words."""
    if len(possible) == len(ANSWERS[question]):
        return "open"
    words = [_ANSWERS.get((question, answer), answer) for answer in possible]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1] if words else "open"


def needed(gate: Gate) -> int:
    """How many units have to reach the level."""
    return ceil(gate.threshold * gate.total - 1e-9)


def gate_sentence(gate: Gate | None, noun: str = "unit") -> str:
    """What decides a placement: how many units reach the next level for certain, how many may, how many must."""
    if gate is None:
        return ""
    need = needed(gate)
    ask = f"{_at_least(need, gate.total, noun)} must reach level {gate.level} ({gate.threshold:.2f})"
    if gate.total == 1:
        return f"{ask}; it {'does' if gate.certain else 'may' if gate.possible else 'does not'}"
    certain = f"{gate.certain:,}" if gate.certain else "none"
    if gate.possible == gate.certain:
        return f"{ask}; {certain} {_do(gate.certain)}"
    return f"{ask}; {certain} certainly {_do(gate.certain)}, {gate.possible:,} may"


def _at_least(need: int, total: int, noun: str) -> str:
    if need < total:
        return f"at least {need:,} of {count(total, noun)}"
    return f"its only {noun}" if total == 1 else f"both {noun}s" if total == 2 else f"all {count(total, noun)}"


def _do(number: int) -> str:
    return "does" if number < 2 else "do"


def team_gate(placement: Placement, teams: Sequence[Placement]) -> Gate | None:
    """The coverage by teams, where every team counts once and that count is the lower one; None where the units decide."""
    gate = placement.gate
    if gate is None or not teams or gate.certain < needed(gate) or placement.low == 5:
        return None
    certain, possible = sum(team.low >= gate.level for team in teams), sum(team.high >= gate.level for team in teams)
    return Gate(level=gate.level, certain=certain, possible=possible, total=len(teams), threshold=gate.threshold)
