"""Which team owns a unit (the estate file, then the catalog, then CODEOWNERS), and which environment it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from assess.model.fact import CatalogEntity, Fact, Ownership
from assess.model.unit import Unit
from assess.spec.estate import Estate


def owners(units: Iterable[Unit], facts: Mapping[str, Iterable[Fact]], estate: Estate) -> dict[str, str]:
    """The owning team of each unit id; units that nobody claims are left out."""
    says = {label: _claims(own) for label, own in facts.items()}
    found: dict[str, str] = {}
    for unit in units:
        path = unit.path.partition("@")[0]
        team = _by_estate(unit.target, path, unit.at.path, estate) or _by_claims(says.get(unit.target, []), unit.at.path)
        if team:
            found[unit.id] = _known_as(team, estate)
    return found


def environments(units: Iterable[Unit], estate: Estate) -> dict[str, str]:
    """The environment of each unit id by the estate file's paths, the longest pattern first; others are left out."""
    found: dict[str, str] = {}
    for unit in units:
        path = unit.path.partition("@")[0]
        fits = [
            (len(pattern), environment.name)
            for environment in estate.environments for pattern in environment.paths
            if matches(path, pattern) or fnmatchcase(f"/{unit.at.path}", pattern.replace("**", "*"))
        ]  # fmt: skip
        if fits:
            found[unit.id] = max(fits)[1]
    return found


def matches(path: str, pattern: str) -> bool:
    """Whether a CODEOWNERS-like glob covers a path: `**` is everything, a directory covers what is below it."""
    pattern = pattern.strip("/")
    if pattern in ("", "*", "**"):
        return True
    base = pattern.removesuffix("/**").removesuffix("/*")
    return fnmatchcase(path, pattern) or fnmatchcase(path, base) or fnmatchcase(path, f"{base}/*") or path.startswith(base + "/")


def _by_estate(label: str, path: str, file: str, estate: Estate) -> str:
    """The team whose longest path pattern covers the unit."""
    found = [
        (len(pattern), team.name)
        for team in estate.teams for owned in team.owns if fnmatchcase(label, owned.repository)
        for pattern in owned.paths if matches(path, pattern) or matches(file, pattern)
    ]  # fmt: skip
    return max(found, default=(0, ""))[1]


def _claims(facts: Iterable[Fact]) -> list[tuple[str, str]]:
    """Patterns and owners, strongest first: a catalog outranks CODEOWNERS, a deeper entity one above it, a later line of
    CODEOWNERS an earlier one."""
    found: list[tuple[tuple[int, int, int], str, str]] = []
    for order, fact in enumerate(facts):
        if isinstance(fact, CatalogEntity) and fact.owner and fact.entity_kind in ("Component", "Resource", "System", "API"):
            directory = fact.at.path.rpartition("/")[0]
            depth = len(directory.split("/")) if directory else 0
            found.append(((2, depth, order), f"{directory}/**" if directory else "**", fact.owner))
        elif isinstance(fact, Ownership):
            found.append(((1, 0, order), fact.path, fact.owner))
    return [(pattern, owner) for _, pattern, owner in sorted(found, reverse=True)]


def _by_claims(claims: Iterable[tuple[str, str]], file: str) -> str:
    return next((owner for pattern, owner in claims if matches(file, pattern)), "")


def _known_as(owner: str, estate: Estate) -> str:
    """The estate's own name of a team, by its aliases; `@org/payments` and `group:default/payments` are `payments`."""
    short = owner.rpartition("/")[2].rpartition(":")[2].removeprefix("@")
    for team in estate.teams:
        if owner in team.aliases or owner == team.name or short == team.name:
            return team.name
    return short
