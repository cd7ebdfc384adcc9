"""Units of one repository: what is changed and delivered as one, made from its facts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from posixpath import commonpath, normpath

from assess.collect.link.delivery import Delivery
from assess.collect.link.places import Tree, above
from assess.collect.link.taken_in import (
    HANDED_ON,
    READ_BY_OTHERS,
    beside_bundles,
    brings_the_controller,
    handed_on,
    is_no_item,
    only_delivers,
    read_by_others,
)
from assess.model.fact import (
    ApiRequest,
    CustomApi,
    Definition,
    Fact,
    GitOpsSource,
    HelmChart,
    HelmRelease,
    Kustomization,
    Manifest,
    ModuleCall,
    Portal,
    Repository,
    Script,
    SoftwareTemplate,
    TerraformModule,
    TerraformRoot,
    ToolMarker,
)
from assess.model.unit import Unit

_DELIVERED: tuple[type[Fact], ...] = (Manifest, Kustomization, HelmChart, Definition, HelmRelease)
_DEVELOPS = {"software", "documentation", "policy", "catalog"}
"""Purposes for which scripts are tools of the authors, not operation."""
_IMPERATIVE = {"operate", "host"}


def units_of(target: str, facts: Iterable[Fact], delivery: Delivery, scripts: Iterable[Script]) -> list[Unit]:
    """The units of one repository, by kind and path; none for what an enclosing unit already covers."""
    by_kind: dict[type[Fact], list[Fact]] = defaultdict(list)
    for fact in facts:
        by_kind[type(fact)].append(fact)
    made: list[Unit] = [
        *_terraform(target, by_kind),
        *_definitions(target, by_kind, delivery),
        *_gitops(target, by_kind, delivery),
        *_platform(target, by_kind),
        *_portals(target, by_kind),
        *_charts(target, by_kind, delivery),
        *_manifests(target, by_kind, delivery),
        *_requests(target, by_kind),
    ]
    delivering = [unit for unit in made if not all(map(_only_lets_in, unit.items))]
    made = delivering or made
    purposes = {fact.purpose for fact in by_kind[Repository] if isinstance(fact, Repository)}
    by_script = [] if purposes & _DEVELOPS else list(_scripts(target, scripts, made))
    return [*made, *(by_script if len(by_script) > len(made) else ())]  # the fewer are the tools of those who keep what is declared


def _unit(target: str, kind: str, path: str, items: list[Fact]) -> Unit:
    first = min(items, key=lambda fact: (fact.at.path, fact.at.line))
    return Unit(id=f"{target}:{path}#{kind}", kind=kind, target=target, path=path, at=first.at, items=tuple(items))


def _terraform(target: str, by_kind: dict[type[Fact], list[Fact]]) -> Iterator[Unit]:
    calls: dict[str, list[Fact]] = defaultdict(list)
    for fact in by_kind[ModuleCall]:
        assert isinstance(fact, ModuleCall)
        calls[fact.path].append(fact)
    for fact in by_kind[TerraformRoot]:
        assert isinstance(fact, TerraformRoot)
        if fact.resources or calls[fact.path]:
            yield _unit(target, "terraform-root", fact.path, [fact, *calls[fact.path]])
    for fact in by_kind[TerraformModule]:
        assert isinstance(fact, TerraformModule)
        if fact.published:
            yield _unit(target, "terraform-module", fact.path, [fact, *calls[fact.path]])


def _definitions(target: str, by_kind: dict[type[Fact], list[Fact]], delivery: Delivery) -> Iterator[Unit]:
    groups: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    roots = {fact.path for fact in by_kind[TerraformRoot] if isinstance(fact, TerraformRoot)}
    for fact in by_kind[Definition]:
        assert isinstance(fact, Definition)
        if fact.tool != "terragrunt" or fact.path not in roots:  # code beside its terragrunt.hcl is one root, not two
            groups[(fact.tool, fact.path)].append(fact)
    elsewhere, hands_on = read_by_others(by_kind), handed_on(by_kind)
    packages = {f.at.path.rpartition("/")[0] or "." for f in by_kind[ToolMarker] if f.tool == "crossplane-package"}
    for (tool, path), items in groups.items():
        if tool == "kluctl" and only_delivers(path, by_kind):
            continue
        enclosing = any((tool, around) in groups for around in above(path) if around != path)
        enclosing = enclosing or (hands_on and bool(HANDED_ON.search(path)))
        of_api = not packages.isdisjoint(above(path)) or (tool in READ_BY_OTHERS and elsewhere(path))
        if not enclosing and not of_api and not delivery.covers(target, path):
            is_published = any(isinstance(item, Definition) and item.published for item in items)
            yield _unit(target, "collection" if is_published else "definition", f"{path}@{tool}", items)


def _gitops(target: str, by_kind: dict[type[Fact], list[Fact]], delivery: Delivery) -> Iterator[Unit]:
    whole = {(f.object_kind, f.name) for f in by_kind[GitOpsSource] if isinstance(f, GitOpsSource) and (f.source or f.chart or f.delivers)}
    paths = Tree(item.at.path for kind in _DELIVERED for item in by_kind[kind])
    offered = {f.path for f in by_kind[HelmChart] if isinstance(f, HelmChart) and f.published} - {""}
    for fact in by_kind[GitOpsSource]:
        assert isinstance(fact, GitOpsSource)
        patch = not (fact.source or fact.chart or fact.delivers) and (fact.object_kind, fact.name) in whole
        if patch or not delivery.delivers(fact):  # an overlay's part of an object that stands whole elsewhere
            continue
        open_name = not fact.name or "*" in fact.name  # for the users of its chart to say
        if open_name and fact.path.rpartition("/templates/")[0] in offered:
            continue
        if fact.object_kind == "FleetBundle" and any(d.object_kind == "GitRepo" for d in delivery.deliverers(target, fact.path)):
            continue
        made = delivery.directories(target, fact, paths)
        for path in made or [f"{fact.path}/{fact.object_kind}/{fact.name}"]:
            yield _unit(target, "gitops", path, [fact])


def _platform(target: str, by_kind: dict[type[Fact], list[Fact]]) -> Iterator[Unit]:
    groups: dict[str, list[Fact]] = defaultdict(list)
    for fact in by_kind[CustomApi]:
        assert isinstance(fact, CustomApi)
        if fact.composed or fact.consumer_facing:
            groups[f"{fact.group}/{fact.object_kind}"].append(fact)
    for name, items in groups.items():
        yield _unit(target, "platform-api", name, items)


def _portals(target: str, by_kind: dict[type[Fact], list[Fact]]) -> Iterator[Unit]:
    templates = [f for f in by_kind[SoftwareTemplate] if isinstance(f, SoftwareTemplate) and f.acts]
    if by_kind[Portal]:
        yield _unit(target, "portal", by_kind[Portal][0].at.path.rpartition("/")[0] or ".", [*by_kind[Portal], *templates])
    elif templates:
        yield _unit(target, "templates", _common(templates), list(templates))


def _charts(target: str, by_kind: dict[type[Fact], list[Fact]], delivery: Delivery) -> Iterator[Unit]:
    charts = [fact for fact in by_kind[HelmChart] if isinstance(fact, HelmChart) and fact.origin == "own"]
    portals = {fact.at.path.rpartition("/")[0] for fact in by_kind[Portal]}
    times = Counter(fact.path for fact in charts)
    for fact in charts:
        around = above(fact.path)
        part_of = times[fact.path] > 1 or any(one in times for one in around if one != fact.path) or not portals.isdisjoint(around)
        if not part_of and not delivery.covers(target, fact.path):
            yield _unit(target, "chart" if fact.published else "release", fact.path, [fact])
    groups: dict[str, list[Fact]] = defaultdict(list)
    for release in by_kind[HelmRelease]:
        assert isinstance(release, HelmRelease)
        if release.at.path.endswith((".yaml", ".yml", ".gotmpl")):
            groups[release.at.path].append(release)
    for path, items in groups.items():
        if not delivery.covers(target, path):
            yield _unit(target, "release", path, items)


def _manifests(target: str, by_kind: dict[type[Fact], list[Fact]], delivery: Delivery) -> Iterator[Unit]:
    """Manifests that nothing delivers, by the outermost Kustomize build or the top directory that holds them."""
    builds = [f for f in by_kind[Kustomization] if isinstance(f, Kustomization)]
    referenced = {normpath(r) for build in builds for r in build.resources}
    roots = list(dict.fromkeys(b.path for b in builds if b.path not in referenced))
    charts = {f.path for f in by_kind[HelmChart] if isinstance(f, HelmChart)}
    charts |= {f.path for f in by_kind[Definition] if isinstance(f, Definition) and f.tool == "kluctl"}
    layered = any(_SHARED.search(path) for path in referenced) and bool(by_kind[GitOpsSource])
    build_of = _builds(roots, referenced)
    apis = {f.at.path.rpartition("/")[0] or "." for f in by_kind[CustomApi]}
    elsewhere, hands_on, bundled = read_by_others(by_kind), handed_on(by_kind), beside_bundles(by_kind)
    groups: dict[str, list[Fact]] = defaultdict(list)
    for fact in [*builds, *by_kind[Manifest]]:
        assert isinstance(fact, Kustomization | Manifest)
        directory = fact.at.path.rpartition("/")[0] or "."
        if (hands_on and HANDED_ON.search(fact.at.path)) or elsewhere(directory) or bundled(directory):
            continue
        if (isinstance(fact, Manifest) and is_no_item(fact)) or delivery.covers(target, fact.at.path) or directory in apis:
            continue
        if layered and _SHARED.search(directory) and referenced.isdisjoint(above(directory)):  # a base that no build takes in
            continue
        bootstrap = isinstance(fact, Kustomization) and any("/gotk-" in resource for resource in fact.resources)
        if not bootstrap and charts.isdisjoint(above(directory)):
            groups[build_of(directory)].append(fact)
    for path, items in _merged(groups).items():
        empty = all(isinstance(item, Kustomization) and not item.remote for item in items)  # such a build has no object of its own
        if not empty and not brings_the_controller(items, by_kind):
            yield _unit(target, "manifests", path, items)


_SHARED = re.compile(r"(?:^|/)(?:bases?|components)(?:/|$)")
_ACCESS = {"ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding", "Namespace"}


def _only_lets_in(fact: Fact) -> bool:
    """Whether an object does no more than let somebody in: what a pipeline needs before it can deliver anything."""
    return isinstance(fact, Manifest) and fact.object_kind in _ACCESS


def _builds(roots: list[str], referenced: set[str]) -> Callable[[str], str]:
    """Which outermost build a directory belongs to, else the directory itself; asked once for each directory."""
    known = set(roots)
    nearest: dict[str, str] = {}
    for root in roots:
        for one in above(root):
            nearest.setdefault(one, root)

    @cache
    def build_of(directory: str) -> str:
        around = above(directory)
        if own := next((one for one in reversed(around) if one in known), ""):
            return own
        if roots and not referenced.isdisjoint(around):
            return next(nearest[one] for one in reversed(around) if one in nearest)
        return directory

    return build_of


def _merged(groups: dict[str, list[Fact]]) -> dict[str, list[Fact]]:
    """Directories inside another group's directory join it: one tree of manifests is applied as one."""
    merged: dict[str, list[Fact]] = {}
    for path in sorted(groups, key=lambda p: (p.count("/"), p)):
        outer = next((known for known in above(path) if known != "." and known in merged), path)
        merged.setdefault(outer, []).extend(groups[path])
    return merged


def _requests(target: str, by_kind: dict[type[Fact], list[Fact]]) -> Iterator[Unit]:
    groups: dict[str, list[Fact]] = defaultdict(list)
    for fact in by_kind[ApiRequest]:
        assert isinstance(fact, ApiRequest)
        groups[fact.path].append(fact)
    for path, items in groups.items():
        yield _unit(target, "request", path, items)


_OF_A_PIPELINE = re.compile(r"\.(?:github|gitlab|gitea|forgejo|circleci|buildkite|woodpecker|azure-pipelines|azuredevops|ci)/")
"""What a pipeline keeps for itself, also where the step that calls it could not be followed."""


def _scripts(target: str, scripts: Iterable[Script], made: list[Unit]) -> Iterator[Unit]:
    """Scripts that change something themselves, by top directory; those inside another unit's directory belong to it."""
    groups: dict[str, list[Fact]] = defaultdict(list)
    for script in scripts:
        if _IMPERATIVE & set(script.does) and not _OF_A_PIPELINE.match(script.path):
            groups[re.sub(r"^([^/]+/[^/]+)/.*", r"\1", script.path.rpartition("/")[0]) or "."].append(script)
    places = {unit.path.partition("@")[0] for unit in made if unit.path != "."}
    for path, items in groups.items():
        own = not places.isdisjoint(above(path))
        if not own and not (made and all(set(f.does) & {"apply", "deploy", "configure"} for f in items if isinstance(f, Script))):
            yield _unit(target, "scripts", path, items)


def _common(facts: Iterable[Fact]) -> str:
    directories = [fact.at.path.rpartition("/")[0] or "." for fact in facts]
    return commonpath(directories) or "."
