"""The result of a gate: what every output format is made from."""

from __future__ import annotations

from dataclasses import dataclass

from assess.errors import ExitCode
from assess.model.finding import Finding

SCHEMA = "idp-assess/gate/v1"


@dataclass(frozen=True, slots=True)
class EngineRun:
    """What one engine was asked. inputs: the files of the head that it read for this change."""

    name: str
    policies: int = 0
    inputs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """The verdict on one change.

    base: the merge base, not the tip of the base branch. aside: touched files that an engine reads by their name, left out
    because their tree does not count as use (tests, examples, vendored). The findings: see `Compared`.
    """

    schema: str = SCHEMA
    base: str
    head: str
    touched: int
    aside: tuple[str, ...]
    engines: tuple[EngineRun, ...]
    new: tuple[Finding, ...]
    resolved: tuple[Finding, ...]
    unchanged: tuple[Finding, ...]
    incomparable: tuple[Finding, ...]
    noted: tuple[Finding, ...]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The new findings that fail the gate."""
        return tuple(finding for finding in self.new if finding.blocks)

    @property
    def exit_codes(self) -> tuple[ExitCode, ...]:
        """Every code that applies; the process ends with the first: 1 beats 3."""
        codes = [ExitCode.FAILED] * bool(self.blocking) + [ExitCode.INCOMPLETE] * bool(self.incomparable)
        return tuple(codes) or (ExitCode.PASSED,)
