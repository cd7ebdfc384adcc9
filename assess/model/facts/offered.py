"""What stands in front of it: portals, templates, catalogs."""

from __future__ import annotations

from dataclasses import dataclass

from assess.model.facts.base import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal(Fact):
    """A developer portal that is operated from here."""

    path: str
    product: str
    scaffolder: bool = False
    """Its packages hold what runs software templates, which mostly come from elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftwareTemplate(Fact):
    """A golden path that a portal runs for its users."""

    path: str
    name: str
    actions: tuple[str, ...] = ()
    acts: bool = False
    """It publishes, registers or provisions something, rather than only fetching files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogEntity(Fact):
    """An entry of a software catalog."""

    path: str
    entity_kind: str
    name: str
    owner: str = ""
    from_template: str = ""
    namespace: str = "default"
    source: str = ""
    """The repository, or the directory of one, that it describes, as its annotations write it; empty: where it stands."""
    depends_on: tuple[str, ...] = ()
    """Other entities that it needs, as written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfService(Fact):
    """A way by which teams request a unit themselves; made where units are joined, from templates and requests."""

    by: str
    """template, request or preview."""
    name: str
