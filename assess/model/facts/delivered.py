"""How a version gets from one environment to the next, and environments that come and go."""

from __future__ import annotations

from dataclasses import dataclass

from assess.model.facts.base import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion(Fact):
    """A step by which a version reaches an environment: a stage, an image automation, a branch that another is merged into."""

    path: str
    to: str
    """The stage, branch or object that receives the version."""
    upstream: tuple[str, ...] = ()
    """The stages or branches that it comes from; empty: straight from a registry or repository."""
    automated: bool | None = None
    """Whether it moves on without a person; unknown where that is set elsewhere."""
    records: bool | None = None
    """Whether the new version is written to Git."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment(Fact):
    """An environment that is made on demand."""

    path: str
    name: str
    form: str
    """preview (one for each proposal), virtual-cluster or development."""
    made_by: str
    """controller, platform or command."""
    on: str
    """What makes one: pull_request, request or command."""
    removed: bool | None = None
    """Whether it goes away by itself: with its proposal, or after a time."""
