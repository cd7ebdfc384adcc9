"""The units of repositories with the live objects that speak of them. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assess.collect.link.delivery import Delivery
from assess.collect.link.places import above
from assess.collect.link.repositories import address
from assess.collect.seen import Seen
from assess.model.fact import GitOpsSource
from assess.model.target import Source
from assess.model.unit import Unit


def observed(units: Iterable[Unit], seen: Sequence[Seen], delivery: Delivery) -> Iterator[Unit]:
    """The units, each with a cluster's objects for what it delivers.

    A cluster adds evidence to a repository's units, it takes none away: without the cluster they are the same units.
    """
    live = _Live(seen, delivery)
    for unit in units:
        mine = live.about(unit)
        yield replace(unit, related=(*unit.related, *mine)) if mine else unit


class _Live:
    """The live objects that deliver something, by what they are called and by what they deliver."""

    def __init__(self, seen: Sequence[Seen], delivery: Delivery) -> None:
        self._delivery = delivery
        self._trees = {one.target.label: one for one in seen if one.target.source is Source.GIT}
        self._named: dict[tuple[str, str, str], list[tuple[str, GitOpsSource]]] = defaultdict(list)
        self._paths: dict[tuple[str, str], dict[GitOpsSource, None]] = defaultdict(dict)
        self._sources: dict[str, dict[str, set[str]]] = {}
        for one in seen:
            if one.target.source is Source.KUBERNETES:
                for fact in one.facts:
                    if isinstance(fact, GitOpsSource) and delivery.delivers(fact) and re.search(r"://|@", fact.source):
                        self._add(one.target.label, fact)

    def _add(self, label: str, fact: GitOpsSource) -> None:
        source = self._delivery.source_of(label, fact) or address(fact.source)
        if source != label:
            self._named[fact.object_kind, fact.name, fact.chart].append((source, fact))
            for path in fact.delivers:
                self._paths[source, path or "."][fact] = None

    def about(self, unit: Unit) -> tuple[GitOpsSource, ...]:
        """The objects that deliver this unit: the same object, or one that names the unit's path in this repository.

        Names alone prove nothing: most Flux repositories hold a Kustomization called `apps`.
        """
        tree = self._trees.get(unit.target)
        if tree is None or not self._named:
            return ()
        if unit.kind == "gitops":
            own = next(item for item in unit.items if isinstance(item, GitOpsSource))
            alike = self._named.get((own.object_kind, own.name, own.chart), ())
            home = self._own_source(own, tree) if alike else ""
            return tuple(fact for source, fact in alike if source == home and _same_content(own, fact, unit))
        if unit.kind not in ("manifests", "release"):
            return ()
        found = {
            fact: None for path in above(unit.path) for fact in self._paths.get((unit.target, path), ()) if _holds(fact, path, unit, tree)
        }
        return tuple(found)

    def _own_source(self, own: GitOpsSource, tree: Seen) -> str:
        """Where an object in a file delivers from: a target's label or an address; empty where the source it names is unclear."""
        found = own.source
        if re.fullmatch(r"[A-Z]\w+/[\w.-]+", found):  # KIND/NAME of a source object
            named = self._sources_of(tree).get(found, set())
            if len(named) != 1 or not (found := next(iter(named))):
                return ""
        return self._delivery.source_of(tree.target.label, replace(own, source=found)) or address(found)

    def _sources_of(self, tree: Seen) -> dict[str, set[str]]:
        label = tree.target.label
        if label not in self._sources:
            self._sources[label] = defaultdict(set)
            for fact in tree.facts:
                if isinstance(fact, GitOpsSource):
                    self._sources[label][f"{fact.object_kind}/{fact.name}"].add(fact.source)
        return self._sources[label]


def _holds(fact: GitOpsSource, path: str, unit: Unit, tree: Seen) -> bool:
    """Whether an object of this path and revision delivers a unit: Argo CD reads a plain directory without those below it."""
    return fact.revision in ("", "HEAD", tree.target.branch) and (fact.tool == "flux" or path == unit.path)


def _same_content(own: GitOpsSource, fact: GitOpsSource, unit: Unit) -> bool:
    """Whether two objects of one name and source deliver the same paths of the same revision."""
    if own.revision not in ("", "HEAD", fact.revision):
        return False
    if any("*" in path for path in own.delivers):
        return unit.path in fact.delivers
    return set(own.delivers) == set(fact.delivers)
