"""The changes that machines made in Git, each with the unit that it changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assess.collect.link.delivery import Delivery
from assess.model.fact import AutomatedChange, Fact
from assess.model.unit import Unit, within

_OF_A_DIRECTORY = ("terraform-root", "terraform-module", "definition", "collection", "manifests", "release", "chart")


def changed(units: Sequence[Unit], facts: Iterable[Fact], delivery: Delivery) -> list[Unit]:
    """The units of one repository, each with the automated changes of what it is made of or delivers."""
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if isinstance(fact, AutomatedChange):
            for unit in _changed_by(fact, units, delivery):
                found[unit.id].append(fact)
    return [replace(unit, related=(*unit.related, *found[unit.id])) if unit.id in found else unit for unit in units]


def _changed_by(fact: AutomatedChange, units: Sequence[Unit], delivery: Delivery) -> list[Unit]:
    """A release offers every module below the directory that it names; any other change belongs to the GitOps objects that
    deliver the directory, or else to the innermost unit around it."""
    if fact.version:
        return [unit for unit in units if unit.kind == "terraform-module" and within(unit.path, fact.path)]
    deliverers = delivery.deliverers(fact.at.target, fact.path)
    if deliverers:
        return [unit for unit in units if unit.kind == "gitops" and any(item in deliverers for item in unit.items)]
    around = [unit for unit in units if unit.kind in _OF_A_DIRECTORY and within(fact.path, _directory(unit))]
    deepest = max((len(_directory(unit)) for unit in around), default=0)
    return [unit for unit in around if len(_directory(unit)) == deepest]


def _directory(unit: Unit) -> str:
    path = unit.path.partition("@")[0]
    return "" if path == "." else path
