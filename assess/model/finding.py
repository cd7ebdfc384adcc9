"""What a policy says about one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from assess.model.target import Location


class Verdict(StrEnum):
    """The verdicts; the last two never count as a pass."""

    PASS = "pass"
    FAIL = "fail"
    WAIVED = "waived"
    MANUAL = "manual"
    NOT_APPLICABLE = "not_applicable"
    NOT_OBSERVED = "not_observed"
    ERROR = "error"


class Severity(StrEnum):
    """How much a finding matters, lowest first."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One policy on one place, or one place that a check could not see (`verdict` says which).

    policy: the id of the policy: ours, checkov's, or `CHECK-…` for trouble of the checking itself. engine: rego or checkov.
    address: the logical place within the file, stable under moved lines: `jobs.apply`, `aws_s3_bucket.logs`.
    message, why, fix: what is wrong, why it matters, what to do. blocks: False for what a policy only warns of.
    column, end_line, end_column: with `at.line` the narrowest text that is meant, columns in characters from 1, the end
    exclusive; 0 where it is not known.
    fingerprint: fingerprint v1, over identity, never over line or message.
    loose: the same without the path, which follows a renamed file.
    """

    policy: str
    engine: str
    verdict: Verdict
    severity: Severity
    at: Location
    address: str
    message: str
    why: str = ""
    fix: str = ""
    remedy: str = ""
    blocks: bool = True
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    fingerprint: str = ""
    loose: str = ""

    @property
    def unseen(self) -> bool:
        """Whether this says that something was not checked; such a finding is no pass and no failure."""
        return self.verdict in (Verdict.NOT_OBSERVED, Verdict.ERROR)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyText:
    """What a policy asks for, for reports: every finding's `policy` has one.

    why: what is at stake. sources: addresses that say more. controls: framework -> the controls that it speaks to.
    """

    id: str
    engine: str
    title: str
    severity: Severity
    why: str = ""
    fix: str = ""
    remedy: str = ""
    sources: tuple[str, ...] = ()
    controls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
