"""What stands in front of units, so that teams help themselves: templates, requests and previews. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from assess.model.fact import ApiRequest, Environment, Fact, Portal, SelfService, SoftwareTemplate
from assess.model.target import Location
from assess.model.unit import Unit

_ACT_ELSEWHERE = {"port", "opslevel"}
"""Portals whose actions start something that another repository mostly holds: there they say nothing of what lies beside them."""


class Fronts:
    """What lets teams help themselves: templates that act, and requests against the estate's own APIs."""

    def __init__(self, by_target: Mapping[str, list[Fact]]) -> None:
        self._templates: dict[str, list[SelfService]] = defaultdict(list)
        self._asked: dict[str, list[SelfService]] = defaultdict(list)
        self._at: dict[Location, list[SelfService]] = defaultdict(list)
        for facts in by_target.values():
            for fact in facts:
                if isinstance(fact, SoftwareTemplate) and fact.acts:
                    front = SelfService(at=fact.at, tool=fact.tool, by="template", name=fact.name)
                    (self._at[fact.at] if fact.tool in _ACT_ELSEWHERE else self._templates[fact.at.target]).append(front)
                elif isinstance(fact, Portal) and fact.scaffolder:
                    self._at[fact.at].append(SelfService(at=fact.at, tool=fact.tool, by="portal", name=fact.product))
                elif isinstance(fact, Environment) and _makes_previews(fact):
                    self._at[fact.at].append(SelfService(at=fact.at, tool=fact.tool, by="preview", name=fact.name))
                elif isinstance(fact, ApiRequest):
                    name = api_name(fact.api_version, fact.object_kind)
                    asked = SelfService(at=fact.at, tool=fact.tool, by="request", name=name)
                    self._asked[name].append(asked)
                    self._at[fact.at].append(asked)

    def of(self, unit: Unit) -> list[SelfService]:
        """A template stands before what its repository delivers; a request before itself and the API that it asks."""
        mine = [front for at in dict.fromkeys(item.at for item in unit.items) for front in self._at.get(at, ())]
        if unit.kind == "request":
            return mine
        mine = [front for front in mine if front.by != "request"]
        return mine + (self._asked.get(unit.path, []) if unit.kind == "platform-api" else self._templates.get(unit.target, []))


def _makes_previews(fact: Fact) -> bool:
    """Whether it is an environment that whoever opens a proposal gets."""
    return isinstance(fact, Environment) and fact.form == "preview" and fact.on == "pull_request"


def api_name(api_version: str, kind: str) -> str:
    """An API by its group and kind."""
    return f"{api_version.partition('/')[0]}/{kind}"
