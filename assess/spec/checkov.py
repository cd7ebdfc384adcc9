"""`policies/checkov/severity.yaml`: how much each of checkov's checks matters, which it does not say itself."""

from __future__ import annotations

from assess.model.finding import Severity
from assess.spec.strict import Strict


class Severities(Strict):
    """Severity by check id; `default` for those that are not named. why: the sentence that its findings carry."""

    default: Severity
    why: str
    checks: dict[Severity, tuple[str, ...]]

    def of(self, check: str) -> Severity:
        """The severity of one check."""
        return next((severity for severity, ids in self.checks.items() if check in ids), self.default)
