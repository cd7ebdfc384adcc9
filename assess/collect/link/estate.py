"""The estate: every target's facts joined to units, each with what runs, delivers and observes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assess.collect.git.purpose import publishes_charts
from assess.collect.link.artifacts import artifacts
from assess.collect.link.changes import changed
from assess.collect.link.delivery import Delivery
from assess.collect.link.fronts import Fronts, api_name
from assess.collect.link.graph import graph
from assess.collect.link.guards import guards, used
from assess.collect.link.live import live_units
from assess.collect.link.observed import observed
from assess.collect.link.repositories import Repositories
from assess.collect.link.runs import Reach, Run, ScriptRun, runs
from assess.collect.link.serving import serving
from assess.collect.link.supplies import brought, covering
from assess.collect.link.units import units_of
from assess.collect.link.uses import consumed, uses
from assess.collect.seen import Seen
from assess.model.fact import (
    ApiRequest,
    CustomApi,
    Fact,
    GitOpsSource,
    HelmChart,
    Manifest,
    PipelineJob,
)
from assess.model.gap import Gap
from assess.model.graph import Graph
from assess.model.target import Source, Target
from assess.model.unit import Unit


@dataclass(frozen=True)
class Estate:
    """Everything that was seen, joined."""

    targets: tuple[Target, ...]
    facts: tuple[Fact, ...]
    gaps: tuple[Gap, ...]
    units: tuple[Unit, ...]
    graph: Graph


def link(seen: Sequence[Seen]) -> Estate:
    """The estate of what the collectors brought back; independent of the order of targets."""
    seen = sorted(seen, key=lambda s: s.target.label)
    by_target = _requested({s.target.label: _completed(s.facts) for s in seen})
    targets = [s.target for s in seen]
    repositories = Repositories(targets)
    trees = {s.target.label: by_target[s.target.label] for s in seen if s.target.source is Source.GIT}
    ran = runs(serving(targets, trees), repositories)
    pushed = artifacts(targets, ran.jobs)
    delivery = Delivery(targets, trees, pushed)
    uses_ = uses(trees, delivery, repositories, pushed)
    by_target |= consumed(trees, uses_)
    units: list[Unit] = []
    gaps = [*(gap for s in seen for gap in s.gaps), *ran.gaps]
    fronts = Fronts(by_target)
    for one in seen:
        if one.target.source is not Source.GIT:
            units += live_units(one)
            continue
        facts = by_target[one.target.label]
        jobs, scripts = ran.jobs[one.target.label], ran.scripts[one.target.label]
        own = [run for run in jobs if run[0].at.target == one.target.label]
        facts += [*(job for job, _ in own), *guards(own), *used([*own, *scripts]), *brought(facts)]
        made = units_of(one.target.label, facts, delivery, [script for script, _ in scripts])
        units += changed(list(_all_related(made, jobs, scripts, delivery, fronts)), facts, delivery)
    facts_ = tuple(fact for s in seen for fact in by_target[s.target.label])
    units = list(observed(units, seen, delivery))
    linked = graph(targets, by_target, units, delivery, repositories, uses_, pushed)
    return Estate(tuple(targets), facts_, tuple(gaps), tuple(units), linked)


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


def _all_related(made: Sequence[Unit], jobs: list[Run], scripts: list[ScriptRun], delivery: Delivery, fronts: Fronts) -> Iterator[Unit]:
    """Units with what runs them, what delivers them, and what stands in front of them."""
    kinds = Counter(unit.kind for unit in made)
    reach = Reach(jobs, scripts)
    for unit in made:
        related = (*reach.of(unit, kinds[unit.kind] == 1), *_delivering(unit, delivery), *fronts.of(unit))
        yield replace(unit, related=related, items=tuple(_packaged(item, related) for item in unit.items))


def _delivering(unit: Unit, delivery: Delivery) -> list[GitOpsSource]:
    if unit.kind == "platform-api":
        return [fact for item in unit.items for fact in delivery.deliverers(unit.target, item.at.path)]
    if unit.kind in ("gitops", "scripts"):
        return []
    return delivery.deliverers(unit.target, unit.path.partition("@")[0], unit.kind == "terraform-root")


def _packaged(item: Fact, related: Iterable[Fact]) -> Fact:
    """An API of one's own with how it reaches a cluster."""
    if not isinstance(item, CustomApi):
        return item
    published = any(isinstance(fact, PipelineJob) and {"publish", "release"} & set(fact.does) for fact in related)
    pulled = any(isinstance(fact, GitOpsSource) for fact in related)
    return replace(item, delivered="package" if published else "gitops" if pulled else "")


def _requested(by_target: Mapping[str, list[Fact]]) -> dict[str, list[Fact]]:
    """Facts in which a manifest of one of the estate's own APIs is a request."""
    apis = {f"{f.group}/{f.object_kind}" for facts in by_target.values() for f in facts if isinstance(f, CustomApi) and f.consumer_facing}
    return {
        label: [
            ApiRequest(at=f.at, tool=f.tool, assurance=f.assurance, path=f.path, api_version=f.api_version, object_kind=f.object_kind)
            if isinstance(f, Manifest) and not f.exported and api_name(f.api_version, f.object_kind) in apis else f
            for f in facts
        ]
        for label, facts in by_target.items()
    }  # fmt: skip
