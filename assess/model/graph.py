"""The estate as a graph: what delivers, calls, uses, builds, runs, describes and asks for what, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from assess.model.target import Location


class NodeKind(StrEnum):
    """What stands in the graph."""

    TARGET = "target"
    UNIT = "unit"
    JOB = "job"
    ENTITY = "entity"
    TEMPLATE = "template"
    API = "api"
    IMAGE = "image"
    EXTERNAL = "external"
    """An address of which no target of the run is known; what lies behind it was not looked at."""


class EdgeType(StrEnum):
    """What one node has to do with another, read from source to target."""

    DELIVERS = "delivers"
    CALLS_MODULE = "calls-module"
    USES_CHART = "uses-chart"
    BUILDS_IMAGE = "builds-image"
    RUNS_IMAGE = "runs-image"
    DESCRIBES = "describes"
    GENERATED_FROM = "generated-from"
    RUNS = "runs"
    REQUESTS = "requests"
    DEPENDS_ON = "depends-on"


class Resolved(StrEnum):
    """Whether what an edge leads to is known."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    """It is no target of the run: unknown, not wrong."""
    AMBIGUOUS = "ambiguous"
    """It is an expression, or several targets answer to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One thing that edges start from or lead to.

    id: a target's label, a unit's id, `image:ADDRESS`, `external:ADDRESS`, …; unique in a graph.
    target: the label of the target that it belongs to; empty for what belongs to none, or is only spoken of.
    """

    id: str
    kind: NodeKind
    name: str
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One link, with the place that says so.

    path: the directory of the target that it leads to, where it leads to a part of one.
    written: what the link is written as, where that is no address of its own.
    """

    source: str
    type: EdgeType
    target: str
    at: Location
    resolved: Resolved
    path: str = ""
    written: str = ""


@dataclass(frozen=True)
class Graph:
    """The nodes by id and the edges by source, type and target: the same whatever the order of targets."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()

    def of(self, node: str) -> tuple[Edge, ...]:
        """The edges that start from a node or lead to it."""
        return self._around.get(node, ())

    @cached_property
    def _around(self) -> Mapping[str, tuple[Edge, ...]]:
        found: dict[str, list[Edge]] = {}
        for edge in self.edges:
            for end in dict.fromkeys((edge.source, edge.target)):
                found.setdefault(end, []).append(edge)
        return {node: tuple(edges) for node, edges in found.items()}

    def outside(self) -> Iterator[tuple[str, int]]:
        """The addresses outside the estate with the number of edges that lead there, the most used first."""
        names = {node.id: node.name for node in self.nodes if node.kind is NodeKind.EXTERNAL}
        counts: dict[str, int] = {}
        for edge in self.edges:
            if edge.resolved is Resolved.OUTSIDE and edge.target in names:
                counts[edge.target] = counts.get(edge.target, 0) + 1
        yield from ((names[node], number) for node, number in sorted(counts.items(), key=lambda item: (-item[1], item[0])))
