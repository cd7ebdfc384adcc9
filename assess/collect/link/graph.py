"""The estate's graph, from what the linkers have already resolved. Pure; the same whatever the order of targets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assess.collect.link.artifacts import Artifacts, image_key
from assess.collect.link.delivery import Delivery
from assess.collect.link.places import above
from assess.collect.link.repositories import Repositories, address
from assess.collect.link.runs import MUTATING
from assess.collect.link.uses import Place, Use, place_of
from assess.model.fact import (
    ApiRequest,
    BuildImage,
    CatalogEntity,
    Fact,
    GitOpsSource,
    Kustomization,
    PipelineJob,
    Procedure,
    SoftwareTemplate,
    WorkloadImage,
)
from assess.model.graph import Edge, EdgeType, Graph, Node, NodeKind, Resolved
from assess.model.target import Location, Source, Target
from assess.model.unit import Unit


@dataclass(slots=True)
class _Making:
    """A graph in the making, with what its edges are found by."""

    targets: Mapping[str, Target]
    repositories: Repositories
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: set[Edge] = field(default_factory=set)
    by_place: dict[tuple[str, str], str] = field(default_factory=dict)
    """The unit that lies in a directory of a target."""
    by_item: dict[tuple[Location, str], list[Unit]] = field(default_factory=lambda: defaultdict(list))
    """The units that a fact makes, by its place and kind."""
    apis: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    entities: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    templates: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def node(self, id: str, kind: NodeKind, name: str, target: str = "") -> str:
        """The id of a node that there is from now on."""
        self.nodes.setdefault(id, Node(id=id, kind=kind, name=name, target=target))
        return id

    def outside(self, name: str) -> str:
        """The node of an address that no target has."""
        return self.node(f"external:{name}", NodeKind.EXTERNAL, name)

    def at_place(self, place: Place) -> str:
        """The node that a place means: the unit in its directory, else its target, else an address outside."""
        if not place.target:
            return self.outside(place.address or "?")
        return self.by_place.get((place.target, place.path), place.target)

    def around(self, label: str, path: str) -> str:
        """The innermost unit around a path, else the target."""
        return next((self.by_place[label, one] for one in reversed(above(path)) if (label, one) in self.by_place), label)

    def sources(self, at: Location, kind: str, label: str, path: str) -> list[str]:
        """Where an edge that a fact says starts: the units that it makes, else what lies around it."""
        return [unit.id for unit in self.by_item.get((at, kind), ())] or [self.around(label, path)]

    def edge(self, source: str, type: EdgeType, place: Place, at: Location, written: str = "") -> None:
        """Takes an edge in; nothing leads from a thing to itself."""
        target = self.at_place(place)
        if target == source and type is EdgeType.DELIVERS:
            target = place.target  # a unit that is called by the directory that it delivers
        if target != source:
            path = place.path if place.path not in ("", ".") else ""
            self.edges.add(Edge(source=source, type=type, target=target, at=at, resolved=place.resolved, path=path, written=written))

    def link(self, source: str, type: EdgeType, target: str, at: Location, resolved: Resolved) -> None:
        """Takes an edge between two nodes in."""
        self.edges.add(Edge(source=source, type=type, target=target, at=at, resolved=resolved))

    def to(self, source: str, type: EdgeType, found: Sequence[str], named: tuple[NodeKind, str], at: Location, written: str = "") -> None:
        """Takes an edge in that leads to the node of a name: the one that there is, one of several, or none of the estate."""
        resolved = Resolved.INSIDE if len(found) == 1 else Resolved.AMBIGUOUS if found else Resolved.OUTSIDE
        target = min(found) if found else self.node(named[1], *named)
        if target != source:
            self.edges.add(Edge(source=source, type=type, target=target, at=at, resolved=resolved, written=written))


def graph(
    targets: Iterable[Target], by_target: Mapping[str, Iterable[Fact]], units: Iterable[Unit], delivery: Delivery,
    repositories: Repositories, used: Iterable[Use], pushed: Artifacts,
) -> Graph:  # fmt: skip
    """The graph of an estate: its targets and units, and everything that one place says of another."""
    making = _Making({target.label: target for target in targets}, repositories)
    units = list(units)
    _place(making, by_target, units)
    for unit in units:
        _run(making, unit)
        _request(making, unit)
    for label, facts in by_target.items():
        for fact in facts:
            if isinstance(fact, GitOpsSource) and delivery.delivers(fact):
                _deliver(making, label, fact, delivery)
            elif isinstance(fact, CatalogEntity):
                _describe(making, label, fact)
            elif isinstance(fact, Procedure | Kustomization):
                _depend(making, label, fact)
    _image(making, by_target, pushed)
    for use in used:
        sources = making.sources(use.at, use.kind, use.label, use.path)
        for source in sources:
            if len(sources) == 1 or making.nodes[source].name == use.to.path or not _is_directory(use):
                making.edge(source, use.type, use.to, use.at, use.written)
    return Graph(tuple(sorted(making.nodes.values(), key=lambda node: node.id)), tuple(sorted(making.edges, key=_order)))


def _is_directory(use: Use) -> bool:
    """Whether a chart is used by its directory: of what a generator makes, each delivers its own."""
    return use.kind == "GitOpsSource" and use.written == use.to.path


def _order(edge: Edge) -> tuple[str, ...]:
    at = edge.at
    return edge.source, edge.type, edge.target, edge.path, at.target, at.path, f"{at.line:09}", at.uid, edge.written, edge.resolved


def _place(making: _Making, by_target: Mapping[str, Iterable[Fact]], units: Iterable[Unit]) -> None:
    """The nodes of targets, units, entities and templates."""
    for label in making.targets:
        making.node(label, NodeKind.TARGET, label, label)
    for unit in units:
        making.node(unit.id, NodeKind.UNIT, unit.path, unit.target)
        making.by_place.setdefault((unit.target, unit.path.partition("@")[0]), unit.id)
        for item in unit.items:
            making.by_item[item.at, item.kind].append(unit)
        if unit.kind == "platform-api":
            making.apis[unit.path].append(unit.id)
    for label, facts in by_target.items():
        for fact in facts:
            if isinstance(fact, CatalogEntity):
                ref = _ref(fact.entity_kind, fact.namespace, fact.name)
                making.entities[ref].append(making.node(f"{label}:{fact.at.path}#{ref}", NodeKind.ENTITY, ref, label))
            elif isinstance(fact, SoftwareTemplate):
                ref = _ref("template", "", fact.name)
                making.templates[ref].append(making.node(f"{label}:{fact.at.path}#{ref}", NodeKind.TEMPLATE, ref, label))


def _ref(kind: str, namespace: str, name: str) -> str:
    """Source: https://backstage.io/docs/features/software-catalog/references"""
    return f"{kind}:{namespace or 'default'}/{name}".lower()


def _whole(written: str, kind: str, namespace: str) -> str:
    """A reference as written with the kind and namespace that it leaves out."""
    head, colon, rest = written.rpartition(":")
    space, slash, name = rest.rpartition("/")
    return _ref(head if colon else kind, space if slash else namespace, name)


def _run(making: _Making, unit: Unit) -> None:
    """The jobs that change a unit."""
    for fact in unit.related:
        if isinstance(fact, PipelineJob) and (does := [verb for verb in fact.does if verb in MUTATING]):
            job = making.node(f"{fact.at.target}:{fact.path}#job:{fact.name}", NodeKind.JOB, fact.name, fact.at.target)
            resolved = Resolved.AMBIGUOUS if fact.is_this is None else Resolved.INSIDE
            making.edges.add(Edge(source=job, type=EdgeType.RUNS, target=unit.id, at=fact.at, resolved=resolved, written=", ".join(does)))


def _request(making: _Making, unit: Unit) -> None:
    for item in unit.items:
        if isinstance(item, ApiRequest):
            api = f"{item.api_version.partition('/')[0]}/{item.object_kind}"
            making.to(unit.id, EdgeType.REQUESTS, making.apis.get(api, []), (NodeKind.API, api), item.at, api)


def _deliver(making: _Making, label: str, fact: GitOpsSource, delivery: Delivery) -> None:
    """What an object delivers: directories of a target, or an address outside. One that installs a chart uses that instead."""
    written = delivery.address_of(label, fact)
    if not written and making.targets[label].source is not Source.GIT:
        return  # a cluster holds the object, and nothing that could be delivered
    home = delivery.source_of(label, fact)
    units = making.by_item.get((fact.at, fact.kind), [])
    own = {unit.path: unit.id for unit in units if len(units) > 1}
    for source in [unit.id for unit in units] or [making.around(label, fact.path)]:
        if own:
            making.edge(source, EdgeType.DELIVERS, Place(Resolved.INSIDE, home or label, making.nodes[source].name), fact.at, written)
            continue
        for path in delivery.paths(label, fact):
            place = _delivered(making, home, path, written)
            making.edge(source, EdgeType.DELIVERS, place, fact.at, written)


def _delivered(making: _Making, home: str | None, path: str, written: str) -> Place:
    if home is None:
        return Place(Resolved.OUTSIDE, path=path, address=address(written))
    open_ = "*" in written or "*" in path or "{{" in path
    several = bool(written) and len(making.repositories.meant("", written)) > 1
    return Place(Resolved.AMBIGUOUS if open_ or several else Resolved.INSIDE, home, path)


def _describe(making: _Making, label: str, fact: CatalogEntity) -> None:
    """What an entry of a catalog describes, was made from, and needs."""
    ref = _ref(fact.entity_kind, fact.namespace, fact.name)
    node = f"{label}:{fact.at.path}#{ref}"
    directory = fact.at.path.rpartition("/")[0] or "."
    place = place_of(label, fact.source, making.repositories) if fact.source else Place(Resolved.INSIDE, label, directory)
    if fact.source or fact.entity_kind in ("Component", "API", "Resource", "System", "service", "component"):
        making.edge(node, EdgeType.DESCRIBES, place, fact.at, fact.source)
    if fact.from_template:
        template = _whole(fact.from_template, "template", "default")
        child = making.at_place(place)
        making.to(
            child, EdgeType.GENERATED_FROM, making.templates.get(template, []), (NodeKind.TEMPLATE, template), fact.at, fact.from_template
        )
    for need in fact.depends_on:
        other = _whole(need, "component", fact.namespace)
        making.to(node, EdgeType.DEPENDS_ON, making.entities.get(other, []), (NodeKind.ENTITY, other), fact.at, need)


def _depend(making: _Making, label: str, fact: Procedure | Kustomization) -> None:
    """The repositories whose workflows, actions and files a job or build takes in."""
    if isinstance(fact, Procedure):
        for call in fact.calls:
            if call.repository not in ("", "."):
                place = _named(making, label, call.repository)
                at = Location(target=label, path=fact.at.path, line=call.line)
                making.edge(label, EdgeType.DEPENDS_ON, place, at, call.otherwise or f"{call.repository}@{call.ref}")
        for checkout in fact.checkouts:
            if checkout.repository != ".":
                making.edge(label, EdgeType.DEPENDS_ON, _named(making, label, checkout.repository), fact.at, checkout.repository)
        return
    for resource in fact.resources:
        if "://" in resource or "github.com" in resource:
            for source in making.sources(fact.at, fact.kind, label, fact.path):
                making.edge(source, EdgeType.DEPENDS_ON, place_of(label, resource, making.repositories), fact.at, resource)


def _image(making: _Making, by_target: Mapping[str, Iterable[Fact]], pushed: Artifacts) -> None:
    """Who pushes an image, what runs it, and what is built from one that the estate pushes."""
    built: set[str] = set()
    for key, one in pushed.images():
        built.add(key)
        node = making.node(f"image:{key}", NodeKind.IMAGE, key)
        making.link(making.around(one.target, one.path), EdgeType.BUILDS_IMAGE, node, one.at, Resolved.INSIDE)
    for label, facts in by_target.items():
        for fact in facts:
            if isinstance(fact, WorkloadImage | BuildImage) and fact.image and (key := image_key(fact.image)):
                runs, inside = isinstance(fact, WorkloadImage), key in built
                if runs or inside:
                    node = making.node(f"image:{key}", NodeKind.IMAGE, key)
                    type = EdgeType.RUNS_IMAGE if runs else EdgeType.DEPENDS_ON
                    source = making.around(label, fact.path.rpartition("/")[0] or ".")
                    making.link(source, type, node, fact.at, Resolved.INSIDE if inside else Resolved.OUTSIDE)


def _named(making: _Making, label: str, repository: str) -> Place:
    """What a job calls a repository: an address, or a name on the forge that its own repository is on."""
    found = making.repositories.meant(label, repository)
    if found:
        return Place(Resolved.INSIDE if len(found) == 1 else Resolved.AMBIGUOUS, found[-1])
    remote = making.targets[label].remote if label in making.targets else ""
    host = address(remote).partition("/")[0] if remote else ""
    whole = "://" in repository or "@" in repository or not host
    return Place(Resolved.OUTSIDE, address=address(repository) if whole else f"{host}/{repository}".lower())
