"""The estate's links in reports."""

from __future__ import annotations

from dataclasses import replace

from assess.model.graph import Edge, EdgeType, Graph, Node, NodeKind, Resolved
from assess.report.links import LINKS, links, links_of
from tests.unit.report.world import UNITS, at, sample


def test_a_unit_says_what_it_uses_and_what_uses_it() -> None:
    assert list(links_of(sample(), UNITS[0].unit)) == [
        "  Links:",
        "    calls module git.example.org/else/modules, directory net (as git::https://git.example.org/else/modules.git//net; "
        "outside the estate: unknown)  shop-infra:envs/prod/main.tf:9",
    ]
    assert list(links_of(sample(), UNITS[2].unit))[1:] == [f"    used by {UNITS[1].unit}  shop-infra:envs/dev/main.tf:4"]


def test_what_has_no_links_says_nothing() -> None:
    assert list(links_of(sample(), "handbook")) == []
    assert links(replace(sample(), graph=Graph())).said == ()


def test_the_addresses_that_most_depends_on_come_first() -> None:
    names = ["b.org/x", "a.org/x", "b.org/x", "c.org/x"]
    edges = tuple(
        Edge(source="charts", type=EdgeType.DEPENDS_ON, target=f"external:{name}", at=at("a", line), resolved=Resolved.OUTSIDE)
        for line, name in enumerate(names)
    )
    nodes = tuple(Node(id=f"external:{name}", kind=NodeKind.EXTERNAL, name=name) for name in set(names))
    found = links(replace(sample(), graph=Graph(nodes, edges)))
    assert found.counts == (("depends on", 4, 4),)
    assert found.outside == (("b.org/x", 2), ("a.org/x", 1), ("c.org/x", 1))


def test_a_unit_with_many_links_says_how_many_more() -> None:
    edges = tuple(
        Edge(source="charts", type=EdgeType.RUNS, target=UNITS[0].unit, at=at("a", line), resolved=Resolved.INSIDE) for line in range(50)
    )
    told = list(links_of(replace(sample(), graph=Graph((), edges)), UNITS[0].unit))
    assert len(told) == LINKS + 2
    assert told[-1].strip().startswith("… and 10 more")


def test_control_characters_of_others_are_not_printed() -> None:
    edge = Edge(source="charts", type=EdgeType.RUNS, target="x", at=at("a", 1), resolved=Resolved.INSIDE, written="\x1b[31mred")
    assert not any("\x1b" in line for line in links_of(replace(sample(), graph=Graph((), (edge,))), "x"))
