"""Rego policies as written (the METADATA block) and as shipped (`manifest.json` beside the compiled module)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, HttpUrl, StringConstraints, model_validator

from assess.model.finding import PolicyText, Severity
from assess.spec.strict import Strict

PolicyId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,5}-[0-9]{3}$")]
Package = Annotated[str, StringConstraints(pattern=r"^idp_assess\.[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(min_length=10, strip_whitespace=True)]
Kind = Literal["deny", "warn"]
Controls = dict[str, tuple[str, ...]]
"""Framework -> the controls that a policy speaks to."""

_SLOT = re.compile(r"\{([a-z_]+)\}")


class Custom(Strict):
    """The `custom` part of a policy's METADATA.

    reads: the kind of document it judges. message, fix: templates; `{name}` is a param that every answer carries.
    """

    id: PolicyId
    severity: Severity
    reads: str
    message: Text
    fix: Text
    remedy: str = ""
    controls: Controls = Field(default_factory=dict)


class Metadata(Strict):
    """A policy's METADATA block. Source: https://www.openpolicyagent.org/docs/policy-language#metadata."""

    scope: Literal["package"]
    title: Text
    description: Text
    related_resources: Annotated[tuple[dict[str, str], ...], Field(min_length=1)]
    custom: Custom


class PolicySpec(Strict):
    """One policy as it is shipped."""

    id: PolicyId
    package: Package
    rules: Annotated[tuple[Kind, ...], Field(min_length=1)]
    """What the package declares: an answer without one of them is an engine error."""
    title: str
    why: str
    severity: Severity
    reads: str
    message: str
    fix: str
    remedy: str = ""
    controls: Controls = Field(default_factory=dict)
    sources: tuple[HttpUrl, ...] = ()
    file: str
    """The policy's file, relative to the pack's policies."""

    @property
    def area(self) -> str:
        """What it is about: `pipelines`, `terraform`, …"""
        return self.package.split(".")[1]

    @property
    def directory(self) -> str:
        """Where it belongs, relative to the pack's policies."""
        return f"rego/{self.area}/{self.id}-{self.package.split('.')[2].replace('_', '-')}"

    @property
    def slots(self) -> frozenset[str]:
        """The params that the templates need."""
        return frozenset(_SLOT.findall(self.message) + _SLOT.findall(self.fix))

    @property
    def text(self) -> PolicyText:
        """What reports say of the policy as such: its fix with `…` for what each finding names."""
        return PolicyText(
            id=self.id, engine="rego", title=self.title, severity=self.severity, why=self.why, fix=_SLOT.sub("…", self.fix),
            remedy=self.remedy, sources=tuple(map(str, self.sources)), controls=self.controls,
        )  # fmt: skip


class Manifest(Strict):
    """`manifest.json`: what the compiled module holds and from what it was made."""

    generated: str
    opa: str
    """The version of OPA that compiled it."""
    sources: str
    """sha256 over the sources, names and content."""
    wasm: str
    """sha256 of the module."""
    changing: tuple[str, ...] = ()
    """Builtins that the policies call and whose answers change with the time."""
    policies: tuple[PolicySpec, ...]

    @model_validator(mode="after")
    def _unique(self) -> Self:
        ids = [policy.id for policy in self.policies]
        if twice := sorted({i for i in ids if ids.count(i) > 1}):
            raise ValueError(f"policies: taken twice: {', '.join(twice)}")
        return self


def filled(template: str, params: Mapping[str, Any]) -> str:
    """A message or fix with its params put in. Errors: KeyError for a param that is missing.

    Not `str.format`: a param must not be able to ask for attributes.
    """
    return _SLOT.sub(lambda slot: str(params[slot[1]]), template)
