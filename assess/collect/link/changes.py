"""The changes that machines made in Git, each with the unit that it changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assess.collect.link.delivery import Delivery
from assess.collect.link.places import above
from assess.model.fact import AutomatedChange, Fact
from assess.model.unit import Unit, within

_OF_A_DIRECTORY = ("terraform-root", "terraform-module", "definition", "collection", "manifests", "release", "chart")


def changed(units: Sequence[Unit], facts: Iterable[Fact], delivery: Delivery) -> list[Unit]:
    """The units of one repository, each with the automated changes of what it is made of or delivers."""
    found: dict[str, list[Fact]] = defaultdict(list)
    places = _Places(units)
    for fact in facts:
        if isinstance(fact, AutomatedChange):
            for unit in places.changed_by(fact, delivery):
                found[unit.id].append(fact)
    return [replace(unit, related=(*unit.related, *found[unit.id])) if unit.id in found else unit for unit in units]


class _Places:
    """The units of a repository by their directory, and those that a GitOps object makes."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._modules = [unit for unit in units if unit.kind == "terraform-module"]
        self._at: dict[str, list[Unit]] = defaultdict(list)
        self._of: dict[Fact, list[Unit]] = defaultdict(list)
        for unit in units:
            if unit.kind in _OF_A_DIRECTORY:
                self._at[unit.path.partition("@")[0] or "."].append(unit)
            for item in unit.items if unit.kind == "gitops" else ():
                self._of[item].append(unit)

    def changed_by(self, fact: AutomatedChange, delivery: Delivery) -> list[Unit]:
        """A release offers every module below the directory that it names; any other change belongs to the GitOps objects that
        deliver the directory, or else to the innermost unit around it."""
        if fact.version:
            return [unit for unit in self._modules if within(unit.path, fact.path)]
        if deliverers := delivery.deliverers(fact.at.target, fact.path):
            return list({unit.id: unit for one in deliverers for unit in self._of.get(one, ())}.values())
        return next((self._at[one] for one in reversed(above(fact.path)) if one in self._at), [])
