"""`.idp/gate.yaml`, `.idp/waivers.yaml` and `.idp/baseline.json`: what a gate blocks, what it excuses, what was there before it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from assess.model.finding import Severity
from assess.spec.strict import Strict

GATE_FILE, WAIVERS_FILE, BASELINE_FILE = ".idp/gate.yaml", ".idp/waivers.yaml", ".idp/baseline.json"
BASELINE_SCHEMA: Literal["idp-assess/baseline/v1"] = "idp-assess/baseline/v1"


def _several(value: Any) -> Any:
    """One word where a list may stand is a list of one."""
    return [value] if isinstance(value, str) else value


Glob = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Globs = Annotated[tuple[Glob, ...], BeforeValidator(_several, json_schema_input_type=str | tuple[str, ...])]
Severities = Annotated[tuple[Severity, ...], BeforeValidator(_several, json_schema_input_type=Severity | tuple[Severity, ...])]
Fingerprint = Annotated[str, StringConstraints(pattern=r"^v1:[0-9a-f]{64}(#[0-9]{1,6})?$")]


class GateRule(Strict):
    """What is done about a new finding that fits everything this rule names. The first rule that fits decides."""

    action: Literal["block", "warn", "report"]
    severity: Severities = ()
    """Exactly these severities."""
    at_least: Severity | None = None
    """This severity and all above it."""
    path: Globs = ()
    """`*` also crosses `/`; a directory covers what is below it."""
    engine: Globs = ()
    """rego, checkov; gate for what the gate says of its own files."""
    policy: Globs = ()
    """Policy ids or globs over them. Only a rule that names a policy makes one block that by itself only warns."""


class Inline(Strict):
    """Comments in the code that suppress a finding."""

    budget: Annotated[int, Field(ge=0)] = 20
    """How many a repository may hold before one more fails the gate."""
    max_days: Annotated[int, Field(ge=1, le=366)] = 180
    """How far ahead `until` may lie."""


class Limits(Strict):
    """What waivers may be."""

    max_days: Annotated[int, Field(ge=1, le=366)] = 180
    """How long after `created` a waiver counts, whatever `expires` says."""
    max_findings: Annotated[int, Field(ge=1)] = 10
    """How many findings one waiver may cover before it is over-broad."""


class GateFile(Strict):
    """`.idp/gate.yaml`. It is read from the base of a change, never from the change itself."""

    rules: tuple[GateRule, ...] = ()
    """In order; where none fits: medium and above block, what is below only warns."""
    minimum_coverage: Annotated[float, Field(ge=0, le=1)] = 1.0
    """The share of the files with policies that must have a verdict when everything is judged (`--all`)."""
    suppressions: Inline = Field(default_factory=Inline)
    waivers: Limits = Field(default_factory=Limits)
    ratchet: tuple[Literal["level", "coverage"], ...] = ()
    """What a change may not lower: the declared level of the repository; what of it can be read."""


class Waiver(Strict):
    """A finding that is accepted for a time: one by its fingerprint, or those of a policy at a path or address."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    policy: str = ""
    """A policy id, or a glob over ids."""
    path: str = ""
    """`*` also crosses `/`; a directory covers what is below it."""
    address: str = ""
    """The place within the file as the finding gives it, or a glob: `jobs.apply`, `aws_s3_bucket.*`."""
    fingerprint: Fingerprint | Literal[""] = ""
    repository: str = ""
    """For a file that several repositories share: the name of the repository, or a glob."""
    reason: Annotated[str, StringConstraints(min_length=10, strip_whitespace=True)]
    owner: Annotated[str, StringConstraints(min_length=2, strip_whitespace=True)]
    created: date
    expires: date
    """The last day on which it counts."""
    ticket: str = ""
    approved_by: str = ""

    @model_validator(mode="after")
    def _selects(self) -> Self:
        if not self.fingerprint and not (self.policy and (self.path or self.address)):
            raise ValueError("needs a fingerprint, or a policy together with a path or an address")
        if self.expires <= self.created:
            raise ValueError("expires has to be after created")
        return self


class WaiverFile(Strict):
    """`.idp/waivers.yaml`."""

    waivers: tuple[Waiver, ...] = ()

    @model_validator(mode="after")
    def _unique(self) -> Self:
        ids = [waiver.id for waiver in self.waivers]
        if twice := sorted({i for i in ids if ids.count(i) > 1}):
            raise ValueError(f"ids taken twice: {', '.join(twice)}")
        return self


class Known(Strict):
    """One finding that was there when the gate was adopted."""

    fingerprint: Fingerprint
    policy: str
    path: str
    address: str = ""
    first_seen: date
    accepted: str = ""
    """Why it was let in after the baseline had been written."""


class BaselineFile(Strict):
    """`.idp/baseline.json`, written by `idp-assess baseline`."""

    schema_: Literal["idp-assess/baseline/v1"] = Field(default=BASELINE_SCHEMA, alias="schema")
    findings: tuple[Known, ...] = ()
