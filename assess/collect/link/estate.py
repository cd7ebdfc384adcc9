"""The estate: every target's facts joined to units, each with what runs, delivers and observes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from assess.collect.link.chains import CallGraph, Reached
from assess.collect.link.delivery import Delivery, address, within
from assess.collect.link.live import live_units
from assess.collect.link.units import units_of
from assess.collect.seen import Seen
from assess.model.fact import CustomApi, Fact, GitOpsSource, HelmChart, Manifest, PipelineJob, Procedure, Script
from assess.model.gap import Gap, GapReason
from assess.model.target import Source, Target
from assess.model.unit import Unit

_MUTATING = {"apply", "deploy", "configure", "publish", "release", "operate", "host", "drift", "upload"}
_FAMILIES: dict[str, set[str]] = {
    "terraform-root": {"terraform", "terragrunt", "atlantis"},
    "terraform-module": {"release-please", "semantic-release", "goreleaser", "gh", "terraform", ""},
    "manifests": {"kubectl", "kustomize", "helm", "skaffold", "azure", "argocd", "flux", "oras"},
    "release": {"helm", "helmfile", "skaffold", "kubectl", "azure"},
    "chart": {"helm", "chart-releaser", "cr", "oras", "gh", "", "release-please", "semantic-release"},
    "platform-api": {"crossplane", "up", "kubectl", "kustomize", "helm", "docker", "oras"},
}
_DEFINITION_TOOLS: dict[str, set[str]] = {
    "cloudformation": {"aws", "cloudformation", "sam"}, "arm": {"az", "arm"}, "bicep": {"az", "arm"}, "aws-cdk": {"cdk"},
    "nix": {"nixos-rebuild", "colmena", "darwin-rebuild", "deploy-rs", "nixops"}, "ansible": {"ansible", "ansible-playbook"},
    "salt": {"salt", "salt-ssh", "salt-call"}, "puppet": {"puppet", "bolt", "r10k"}, "talos": {"talosctl"},
}  # fmt: skip


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
    by_target = {s.target.label: _completed(s.facts) for s in seen}
    trees = {s.target.label: by_target[s.target.label] for s in seen if s.target.source is Source.GIT}
    delivery = Delivery([s.target for s in seen], trees)
    units: list[Unit] = []
    gaps = [gap for s in seen for gap in s.gaps]
    for one in seen:
        if one.target.source is not Source.GIT:
            units += live_units(one)
            continue
        facts = by_target[one.target.label]
        jobs, scripts, unresolved = _runs(one.target.label, facts)
        gaps += unresolved
        made = units_of(one.target.label, facts, delivery, [script for script, _ in scripts])
        units += [_related(unit, facts, jobs, scripts, delivery) for unit in made]
    facts_ = tuple(fact for s in seen for fact in by_target[s.target.label])
    return Estate(tuple(s.target for s in seen), facts_, tuple(gaps), tuple(_observed(units, seen, delivery)))


def _completed(facts: Iterable[Fact]) -> list[Fact]:
    """Facts with what only the whole repository tells: published charts, composed APIs."""
    facts = list(facts)
    publishes = any(
        c.does == "publish" and c.tool in ("helm", "chart-releaser", "cr", "oras") for f in facts if isinstance(f, Procedure) for c in f.commands
    )
    composed = {f.name for f in facts if isinstance(f, Manifest) and f.object_kind == "Composition"}
    done: list[Fact] = []
    for fact in facts:
        if isinstance(fact, HelmChart) and fact.origin == "own":
            done.append(replace(fact, published=fact.published or publishes))
        elif isinstance(fact, CustomApi) and composed and fact.tool == "crossplane":
            done.append(replace(fact, composed=True))
        else:
            done.append(fact)
    return done


Run = tuple[PipelineJob, list[Reached]]
ScriptRun = tuple[Script, list[Reached]]


def _runs(label: str, facts: list[Fact]) -> tuple[list[Run], list[ScriptRun], list[Gap]]:
    """The jobs and scripts of a repository with everything they reach, and what could not be followed."""
    procedures = [f for f in facts if isinstance(f, Procedure)]
    graph = CallGraph(procedures)
    jobs: list[Run] = []
    gaps: list[Gap] = []
    entries = [p for p in procedures if p.form == "job"]
    for entry in entries:
        reached = graph.reach(entry)
        jobs.append((_job(entry, reached), reached))
        for missing in sorted(set(graph.unresolved(entry))):
            gaps.append(
                Gap(
                    at=entry.at, reason=GapReason.UNRESOLVED, what=f"job {entry.name.rpartition('#')[2]} runs {missing}, which is not here",
                    blinds=("PipelineJob",), settle="Name the repository that holds it as a target.",
                )
            )  # fmt: skip
    in_pipelines = graph.reached_names(entries)
    by_hand = [p for p in procedures if p.form in ("script", "target") and p.name not in in_pipelines]
    called = graph.reached_names(by_hand)
    scripts = [(_script(p, graph.reach(p)), graph.reach(p)) for p in by_hand if p.name not in called]
    return jobs, scripts, gaps


def _job(entry: Procedure, reached: list[Reached]) -> PipelineJob:
    trigger = entry.trigger
    assert trigger is not None
    return PipelineJob(
        at=entry.at, tool=entry.tool, assurance=entry.assurance, name=entry.name.rpartition("#")[2], path=entry.at.path,
        does=tuple(dict.fromkeys(r.command.does for r in reached)), events=trigger.events, branches=trigger.branches,
        environment=trigger.environment, can_run=trigger.can_run, soft_fail=trigger.soft_fail,
        ephemeral=any(r.command.does == "ephemeral" for r in reached),
        reaches=tuple(dict.fromkeys(r.command.path for r in reached if r.command.does in _MUTATING)),
    )  # fmt: skip


def _script(entry: Procedure, reached: list[Reached]) -> Script:
    return Script(
        at=entry.at, tool=entry.tool, path=entry.at.path, does=tuple(dict.fromkeys(r.command.does for r in reached)),
        reaches=tuple(dict.fromkeys(r.command.path for r in reached if r.command.does in _MUTATING)),
    )  # fmt: skip


def _related(unit: Unit, facts: list[Fact], jobs: list[Run], scripts: list[ScriptRun], delivery: Delivery) -> Unit:
    """A unit with the jobs and scripts that reach it, each reduced to what it does to this unit, and its deliverers."""
    related: list[Fact] = []
    for job, reached in jobs:
        if mine := [r for r in reached if _works_on(r, unit)]:
            deciding = next((r for r in mine if r.command.does in _MUTATING), mine[0])
            related.append(replace(job, does=tuple(dict.fromkeys(r.command.does for r in mine)), chain=deciding.chain))
    for script, reached in scripts:
        if mine := [r for r in reached if r.command.does in _MUTATING and _works_on(r, unit)]:
            related.append(replace(script, does=tuple(dict.fromkeys(r.command.does for r in mine))))
    related += delivery.deliverers(unit.target, unit.path.partition("@")[0]) if unit.kind not in ("gitops", "scripts") else []
    return replace(unit, related=tuple(related))


def _works_on(reached: Reached, unit: Unit) -> bool:
    command, path = reached.command, unit.path.partition("@")[0]
    if unit.kind == "scripts":
        return any(item.at.path in hop for item in unit.items for hop in reached.chain)
    if unit.kind in ("terraform-module", "chart") and command.does in ("release", "publish"):
        return unit.kind == "terraform-module" or command.does == "publish" or command.tool == ""
    if unit.kind in ("portal", "gitops"):
        return unit.kind == "portal" and command.does in ("deploy", "publish", "release")
    family = _DEFINITION_TOOLS.get(unit.path.partition("@")[2], {unit.path.partition("@")[2]}) if unit.kind == "definition" else None
    if command.tool not in (family or _FAMILIES.get(unit.kind, set())):
        return False
    pattern = re.sub(r"\$\{\{.*?\}\}|\$\([^)]*\)|\$\{[^}]*\}|\$\w+|%\w+%|<[^>]*>", "*", command.path)
    if "*" in pattern:
        return fnmatchcase(path, pattern) or fnmatchcase(path, pattern.rstrip("/") + "/*")
    if unit.kind == "terraform-root" and "run-all" not in command.text and "--all" not in command.text:
        return path == pattern
    return within(path, pattern) or within(pattern, path)


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
