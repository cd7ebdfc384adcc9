"""Which team owns a unit (the estate file, then the catalog, then CODEOWNERS), and which environment it belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from assess.collect.link.places import above
from assess.collect.link.repositories import Repositories
from assess.collect.link.uses import place_of
from assess.model.fact import CatalogEntity, Fact, Ownership
from assess.model.graph import Resolved
from assess.model.target import Target
from assess.model.unit import Unit
from assess.spec.estate import Estate


def owners(units: Iterable[Unit], facts: Mapping[str, Iterable[Fact]], estate: Estate, targets: Iterable[Target] = ()) -> dict[str, str]:
    """The owning team of each unit id, by the path that the unit lies at; units that nobody claims are left out.

    targets: by whose addresses an entry of a catalog in one repository claims a directory of another.
    """
    catalog, lines, named = _catalog(facts, Repositories(targets)), {}, {}
    found: dict[str, str] = {}
    for unit in units:
        path, label = unit.path.partition("@")[0], unit.target
        if label not in named:
            named[label] = _Named(label, estate)
            lines[label] = _Lines(facts.get(label, ()))
        team = named[label].team(path, unit.at.path) or _claimed(catalog[label], unit.at.path) or lines[label].owner(unit.at.path)
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
    """Whether a glob of the estate file covers a path: `**` is everything, a directory covers what is below it."""
    pattern = pattern.strip("/")
    if pattern in ("", "*", "**"):
        return True
    base = pattern.removesuffix("/**").removesuffix("/*")
    return fnmatchcase(path, pattern) or fnmatchcase(path, base) or fnmatchcase(path, f"{base}/*") or path.startswith(base + "/")


def owned(path: str, pattern: str) -> bool:
    """Whether a line of CODEOWNERS covers a file: what it names and everything below; `docs/*` only what lies in `docs` itself.

    Source: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
    """
    if pattern in ("", "/", "*", "**"):
        return True
    parts = pattern.strip("/").split("/")
    return _fits(path.split("/"), parts if parts[-1] == "*" else [*parts, "**"])


def _fits(path: list[str], pattern: list[str]) -> bool:
    """Whether names fit patterns one by one, `**` any number of them; linear in the product of both."""
    at, to, star, mark = 0, 0, -1, 0
    while at < len(path):
        if to < len(pattern) and pattern[to] == "**":
            star, mark, to = to, at, to + 1
        elif to < len(pattern) and fnmatchcase(path[at], pattern[to]):
            at, to = at + 1, to + 1
        elif star >= 0:
            mark += 1
            at, to = mark, star + 1
        else:
            return False
    return all(part == "**" for part in pattern[to:])


_GLOB = ("*", "?", "[")


class _Named:
    """What the estate file says of the paths of one target: the team whose longest pattern covers one."""

    def __init__(self, label: str, estate: Estate) -> None:
        self._exact: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._open: list[tuple[int, str, str]] = []
        for team in estate.teams:
            for one in team.owns:
                for pattern in one.paths if fnmatchcase(label, one.repository) else ():
                    base = pattern.strip("/").removesuffix("**").removesuffix("*").rstrip("/")
                    if any(character in base for character in _GLOB):
                        self._open.append((len(pattern), team.name, pattern))
                    else:
                        self._exact[base or "."].append((len(pattern), team.name))

    def team(self, path: str, file: str) -> str:
        """The team of a unit by its path, or that of its first file."""
        found = [one for around in {*above(path), *above(file)} for one in self._exact.get(around, ())]
        found += [(length, team) for length, team, pattern in self._open if matches(path, pattern) or matches(file, pattern)]
        return max(found, default=(0, ""))[1]


_FILES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitea/CODEOWNERS", ".gitlab/CODEOWNERS")
"""The first of these that there is counts, as forges look for it."""


class _Lines:
    """The lines of one repository's CODEOWNERS: the last that covers a file decides, and its first owner stands for all."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        lines = [fact for fact in facts if isinstance(fact, Ownership)]
        files = {fact.at.path for fact in lines}
        file = next((path for path in _FILES if path in files), min(files, default=""))
        self._exact: dict[str, tuple[int, str]] = {}
        self._open: list[tuple[int, str, str]] = []
        before: tuple[object, str] = (None, "")
        for order, fact in enumerate(one for one in lines if one.at.path == file):
            if (fact.at.line, fact.path) == before:
                continue
            before = (fact.at.line, fact.path)
            base = fact.path.strip("/").removesuffix("**").rstrip("/")
            if any(character in base for character in _GLOB):
                self._open.append((order, fact.path, fact.owner))
            else:
                self._exact[base or "."] = (order, fact.owner)
        self._open.reverse()

    def owner(self, file: str) -> str:
        """The owner of a file; empty where no line covers it, or the last that does names nobody."""
        order, owner = max((self._exact[one] for one in above(file) if one in self._exact), default=(-1, ""))
        for later, pattern, other in self._open:
            if later < order:
                break
            if owned(file, pattern):
                return other
        return owner


_OWN_CODE = {"component", "resource", "system", "api", "service"}


def _catalog(facts: Mapping[str, Iterable[Fact]], repositories: Repositories) -> Mapping[str, dict[str, str]]:
    """By target, the owner of each directory that an entity describes; one that stands in the repository itself is closer."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    near: dict[str, dict[str, str]] = defaultdict(dict)
    for label in sorted(facts):
        for fact in facts[label]:
            if isinstance(fact, CatalogEntity) and fact.owner and fact.entity_kind.lower() in _OWN_CODE:
                place = place_of(label, fact.source, repositories) if fact.source else None
                if place and place.resolved is Resolved.INSIDE and (place.target, place.path) != (label, "."):
                    found[place.target][place.path] = fact.owner
                if not place or place.target == label:
                    near[label][fact.at.path.rpartition("/")[0] or "."] = fact.owner
    for label, own in near.items():
        found[label] |= own
    return found


def _claimed(catalog: Mapping[str, str], file: str) -> str:
    return next((catalog[one] for one in reversed(above(file)) if one in catalog), "")


def _known_as(owner: str, estate: Estate) -> str:
    """The estate's own name of a team, by its aliases; `@org/payments` and `group:default/payments` are `payments`."""
    short = owner.rpartition("/")[2].rpartition(":")[2].removeprefix("@")
    for team in estate.teams:
        if owner in team.aliases or owner == team.name or short == team.name:
            return team.name
    return short
