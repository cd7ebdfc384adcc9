"""What a policy says about one place."""

from __future__ import annotations

from dataclasses import dataclass
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
    """One policy on one place.

    policy: the id of the policy (ours, or checkov's). engine: rego or checkov.
    address: the logical place within the file, stable under moved lines: `jobs.apply`, `aws_s3_bucket.logs`.
    fingerprint: fingerprint v1, over identity, never over line or message.
    """

    policy: str
    engine: str
    verdict: Verdict
    severity: Severity
    at: Location
    address: str
    message: str
    fix: str = ""
    remedy: str = ""
    fingerprint: str = ""
