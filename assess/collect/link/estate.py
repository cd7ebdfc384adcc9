"""The estate: every target's facts joined to units, each with what runs, delivers and observes it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assess.collect.git.purpose import publishes_charts
from assess.collect.link.changes import changed
from assess.collect.link.delivery import Delivery, address
from assess.collect.link.guards import guards, used
from assess.collect.link.live import live_units
from assess.collect.link.repositories import Repositories
from assess.collect.link.runs import Run, ScriptRun, reaching, runs
from assess.collect.link.serving import serving
from assess.collect.link.supplies import brought, covering
from assess.collect.link.units import units_of
from assess.collect.seen import Seen
from assess.model.fact import (
    ApiRequest,
    CustomApi,
    Environment,
    Fact,
    GitOpsSource,
    HelmChart,
    Manifest,
    PipelineJob,
    SelfService,
    SoftwareTemplate,
)
from assess.model.gap import Gap
from assess.model.target import Source, Target
from assess.model.unit import Unit, within


@dataclass(frozen=True)
class Estate:
    """Everything that was seen, joined."""

    targets: tuple[Target, ...]
    facts: tuple[Fact, ...]
    gaps: tuple[Gap, ...]
    units: tuple[Unit, ...]


def link(seen: Sequence[Seen]) -> Estate:
    """The estate of what the collectors brought back; independent of the order of targets."""
    seen = sorted(seen, key=lambda s: s.target.label)
    by_target = _requested({s.target.label: _completed(s.facts) for s in seen})
    fronts = _fronts(by_target)
    trees = {s.target.label: by_target[s.target.label] for s in seen if s.target.source is Source.GIT}
    delivery = Delivery([s.target for s in seen], trees)
    ran = runs(serving([s.target for s in seen], trees), Repositories(s.target for s in seen))
    units: list[Unit] = []
    gaps = [*(gap for s in seen for gap in s.gaps), *ran.gaps]
    for one in seen:
        if one.target.source is not Source.GIT:
            units += live_units(one)
            continue
        facts = by_target[one.target.label]
        jobs, scripts = ran.jobs[one.target.label], ran.scripts[one.target.label]
        own = [run for run in jobs if run[0].at.target == one.target.label]
        facts += [*(job for job, _ in own), *guards(own), *used([*own, *scripts]), *brought(facts)]
        made = units_of(one.target.label, facts, delivery, [script for script, _ in scripts])
        kinds = Counter(unit.kind for unit in made)
        made = [_related(unit, jobs, scripts, delivery, fronts, kinds[unit.kind] == 1) for unit in made]
        units += changed(made, facts, delivery)
    facts_ = tuple(fact for s in seen for fact in by_target[s.target.label])
    return Estate(tuple(s.target for s in seen), facts_, tuple(gaps), tuple(_observed(units, seen, delivery)))


def _completed(facts: Iterable[Fact]) -> list[Fact]:
    """Facts with what only the whole repository tells: published charts, composed APIs, what no bot updates."""
    facts = list(facts)
    publishes = publishes_charts(facts)
    composed = {f.name for f in facts if isinstance(f, Manifest) and f.object_kind == "Composition"}
    done: list[Fact] = []
    for fact in facts:
        if isinstance(fact, HelmChart) and fact.origin == "own":
            done.append(replace(fact, published=fact.published or publishes))
        elif isinstance(fact, CustomApi) and composed and fact.tool == "crossplane":
            done.append(replace(fact, composed=True))
        else:
            done.append(fact)
    return covering(done)


def _related(unit: Unit, jobs: list[Run], scripts: list[ScriptRun], delivery: Delivery, fronts: list[SelfService], alone: bool) -> Unit:
    """A unit with what runs it, what delivers it, and what stands in front of it."""
    path, is_terraform = unit.path.partition("@")[0], unit.kind == "terraform-root"
    delivered = delivery.deliverers(unit.target, path, is_terraform) if unit.kind not in ("gitops", "scripts") else []
    if unit.kind == "platform-api":
        delivered = [fact for item in unit.items for fact in delivery.deliverers(unit.target, item.at.path)]
    related = (*reaching(unit, jobs, scripts, alone), *delivered, *(front for front in fronts if _stands_before(front, unit)))
    return replace(unit, related=related, items=tuple(_packaged(item, related) for item in unit.items))


def _packaged(item: Fact, related: Iterable[Fact]) -> Fact:
    """An API of one's own with how it reaches a cluster."""
    if not isinstance(item, CustomApi):
        return item
    published = any(isinstance(fact, PipelineJob) and {"publish", "release"} & set(fact.does) for fact in related)
    pulled = any(isinstance(fact, GitOpsSource) for fact in related)
    return replace(item, delivered="package" if published else "gitops" if pulled else "")


def _fronts(by_target: Mapping[str, list[Fact]]) -> list[SelfService]:
    """What lets teams help themselves: templates that act, and requests against the estate's own APIs."""
    found: list[SelfService] = []
    for facts in by_target.values():
        for fact in facts:
            if isinstance(fact, SoftwareTemplate) and fact.acts:
                found.append(SelfService(at=fact.at, tool=fact.tool, by="template", name=fact.name))
            elif isinstance(fact, ApiRequest):
                found.append(SelfService(at=fact.at, tool=fact.tool, by="request", name=_api(fact.api_version, fact.object_kind)))
            elif isinstance(fact, Environment) and _makes_previews(fact):
                found.append(SelfService(at=fact.at, tool=fact.tool, by="preview", name=fact.name))
    return found


_ACT_ELSEWHERE = {"port", "opslevel"}
"""Portals whose actions start something that another repository mostly holds: there they say nothing of what lies beside them."""


def _makes_previews(fact: Fact) -> bool:
    """Whether it is an environment that whoever opens a proposal gets."""
    return isinstance(fact, Environment) and fact.form == "preview" and fact.on == "pull_request"


def _stands_before(front: SelfService, unit: Unit) -> bool:
    """A template stands before what its repository delivers; a request before itself and the API that it asks."""
    if front.by == "template" and front.tool in _ACT_ELSEWHERE:
        return any(item.at == front.at for item in unit.items)
    if front.by == "template":
        return front.at.target == unit.target and unit.kind not in ("platform-api", "request")
    if unit.kind == "request" or front.by == "preview":
        return any(item.at == front.at for item in unit.items)
    return unit.kind == "platform-api" and unit.path == front.name


def _api(api_version: str, kind: str) -> str:
    return f"{api_version.partition('/')[0]}/{kind}"


def _requested(by_target: Mapping[str, list[Fact]]) -> dict[str, list[Fact]]:
    """Facts in which a manifest of one of the estate's own APIs is a request."""
    apis = {f"{f.group}/{f.object_kind}" for facts in by_target.values() for f in facts if isinstance(f, CustomApi) and f.consumer_facing}
    return {
        label: [
            ApiRequest(at=f.at, tool=f.tool, assurance=f.assurance, path=f.path, api_version=f.api_version, object_kind=f.object_kind)
            if isinstance(f, Manifest) and not f.exported and _api(f.api_version, f.object_kind) in apis else f
            for f in facts
        ]
        for label, facts in by_target.items()
    }  # fmt: skip


def _observed(units: list[Unit], seen: Sequence[Seen], delivery: Delivery) -> Iterable[Unit]:
    """The units of repositories with the live objects that speak of them: a cluster's Application for what it delivers.

    A cluster adds evidence to a repository's units, it takes none away: without the cluster they are the same units.
    """
    live = [
        (one.target.label, fact) for one in seen if one.target.source is Source.KUBERNETES
        for fact in one.facts if isinstance(fact, GitOpsSource) and delivery.delivers(fact)
    ]  # fmt: skip
    trees = {one.target.label: one for one in seen if one.target.source is Source.GIT}
    for unit in units:
        tree = trees.get(unit.target)
        mine = tuple(fact for label, fact in live if _speaks_of(label, fact, unit, tree, delivery)) if tree and live else ()
        yield replace(unit, related=(*unit.related, *mine)) if mine else unit


def _speaks_of(label: str, fact: GitOpsSource, unit: Unit, tree: Seen, delivery: Delivery) -> bool:
    """Whether a live object delivers this unit: it is the same object, or it names the unit's path in this repository.

    Names alone prove nothing: most Flux repositories hold a Kustomization called `apps`.
    """
    source = delivery.source_of(label, fact) or address(fact.source)
    if source == label or not re.search(r"://|@", fact.source):
        return False
    if unit.kind == "gitops":
        own = next(item for item in unit.items if isinstance(item, GitOpsSource))
        alike = own.object_kind == fact.object_kind and own.name == fact.name and own.chart == fact.chart
        return alike and source == _own_source(own, tree, delivery) and _same_content(own, fact, unit)
    here = source == unit.target and fact.revision in ("", "HEAD", tree.target.branch)
    if unit.kind not in ("manifests", "release") or not here:
        return False
    below = fact.tool == "flux"  # Argo CD reads a plain directory without those below it
    return any(within(unit.path, path) if below else unit.path == path for path in fact.delivers)


def _own_source(own: GitOpsSource, tree: Seen, delivery: Delivery) -> str:
    """Where an object in a file delivers from: a target's label or an address; empty where the source it names is unclear."""
    found = own.source
    if re.fullmatch(r"[A-Z]\w+/[\w.-]+", found):  # KIND/NAME of a source object
        named = {f.source for f in tree.facts if isinstance(f, GitOpsSource) and f"{f.object_kind}/{f.name}" == found}
        found = named.pop() if len(named) == 1 else ""
        if not found:
            return ""
    return delivery.source_of(tree.target.label, replace(own, source=found)) or address(found)


def _same_content(own: GitOpsSource, fact: GitOpsSource, unit: Unit) -> bool:
    """Whether two objects of one name and source deliver the same paths of the same revision."""
    if own.revision not in ("", "HEAD", fact.revision):
        return False
    if any("*" in path for path in own.delivers):
        return unit.path in fact.delivers
    return set(own.delivers) == set(fact.delivers)
