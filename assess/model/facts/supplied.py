"""What a platform is supplied with: images, names, certificates, telemetry, bounds of cost, updates, places to develop in."""

from __future__ import annotations

from dataclasses import dataclass

from assess.model.facts.base import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkloadImage(Fact):
    """An image that something in operation runs."""

    path: str
    image: str | None = None
    """Its name, without tag, digest and credentials; unknown where an expression or another file names it."""
    registry: str | None = None
    """The host that it comes from; `docker.io` where none is written."""
    pin: str | None = None
    """digest, version, latest (or another tag that moves: main, stable) or none (no tag); unknown where it is an expression."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildImage(Fact):
    """An image that something is built from, checked in or developed in."""

    path: str
    use: str
    """base (of a Dockerfile), pipeline or development."""
    image: str | None = None
    registry: str | None = None
    pin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsRecord(Fact):
    """DNS records, a zone, or what writes them.

    form: code, or controller (it follows the objects of a cluster).
    """

    path: str
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate(Fact):
    """A certificate, an issuer, or what asks for them.

    form: code, or controller (it renews them by itself).
    """

    path: str
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Telemetry(Fact):
    """Monitoring as code.

    form: dashboard, alert, objective, scrape or collector.
    """

    path: str
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CostControl(Fact):
    """What shows, bounds or cuts cost.

    form: estimate, attribution or budget (it shows); quota or autoscale (it bounds); ttl, schedule or lifecycle (it cuts).
    """

    path: str
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateBot(Fact):
    """A bot that proposes updates of dependencies."""

    path: str
    ecosystems: tuple[str, ...] = ()
    """What it was told to update, in its own words; empty: all that it finds."""
    left_out: tuple[str, ...] | None = ()
    """What is here and it was not told to update: terraform, docker, github-actions, helm; unknown where a bot may update
    anything (updatecli)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DevelopmentEnvironment(Fact):
    """A place to develop in, written down: the same for everybody, and made again at will."""

    path: str
