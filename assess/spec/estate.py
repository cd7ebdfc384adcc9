"""`idp-assess.yaml`, the estate file: what belongs to the organization, who owns it, what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import Field

from assess.spec.strict import Strict


class Owns(Strict):
    """A repository, or some paths of it."""

    repository: str
    """The label of a target, or a glob over labels."""
    paths: tuple[str, ...] = ("**",)


class Team(Strict):
    """One team and what it owns."""

    name: str
    owns: tuple[Owns, ...] = ()
    aliases: tuple[str, ...] = ()
    """Other names in CODEOWNERS and catalogs: `@org/payments`, `group:payments`."""


class Environment(Strict):
    """One environment and the paths that belong to it."""

    name: str
    production: bool = False
    paths: tuple[str, ...] = ()


class Exclude(Strict):
    """A path that is left out: `repository/glob`. It stays visible, and comes back when it expires."""

    path: str
    owner: str
    reason: Annotated[str, Field(min_length=5)]
    expires: date


class Attested(Strict):
    """Something a person said: shown, never counted."""

    subject: str
    statement: str
    by: str
    on: date
    expires: date


class Estate(Strict):
    """The whole file."""

    organization: str = "organization"
    targets: tuple[str, ...] = ()
    """Paths relative to the file, addresses of repositories, `github:ORG`, `gitlab:GROUP`, `kubernetes:CONTEXT`, `aws:PROFILE`."""
    include: tuple[Literal["forks", "archived"], ...] = ()
    """What the listing of an organization or group leaves out unless it is named here."""
    teams: tuple[Team, ...] = ()
    environments: tuple[Environment, ...] = ()
    exclude: tuple[Exclude, ...] = ()
    attestations: tuple[Attested, ...] = ()
    use: tuple[str, ...] = ()
    """`repository/glob` that counts as use, whatever the scan would say of it."""
    purpose: Mapping[str, Literal["operations", "software", "documentation", "catalog", "policy"]] = Field(default_factory=dict)
    """What a repository is for, by its label or a glob over labels, whatever the scan would say of it."""
    tau: Annotated[float, Field(gt=0.5, le=1)] | None = None
    window_days: Annotated[int, Field(ge=1, le=3650)] | None = None

    def purpose_of(self, label: str) -> str:
        """What a repository is for, by the longest pattern that fits its label; empty: nobody says so."""
        fits = [pattern for pattern in self.purpose if fnmatchcase(label, pattern)]
        return self.purpose[max(fits, key=lambda pattern: (len(pattern), pattern))] if fits else ""

    def as_of(self, day: date) -> Estate:
        """The file without the exclusions that have expired by a day."""
        return self.model_copy(update={"exclude": tuple(excluded for excluded in self.exclude if excluded.expires >= day)})
