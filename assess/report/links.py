"""The estate's graph as reports show it: how many links of each sort, what lies outside, and the links of one unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from assess.model.assessment import Assessment
from assess.model.graph import Edge, EdgeType, NodeKind, Resolved
from assess.report.evidence import spot
from assess.report.text import plain
from assess.report.words import count

_FORTH: dict[EdgeType, str] = {
    EdgeType.DELIVERS: "delivers", EdgeType.CALLS_MODULE: "calls module", EdgeType.USES_CHART: "uses chart",
    EdgeType.BUILDS_IMAGE: "builds image", EdgeType.RUNS_IMAGE: "runs image", EdgeType.DESCRIBES: "describes",
    EdgeType.GENERATED_FROM: "generated from template", EdgeType.RUNS: "job changes unit", EdgeType.REQUESTS: "requests API",
    EdgeType.DEPENDS_ON: "depends on",
}  # fmt: skip
_BACK: dict[EdgeType, str] = {
    EdgeType.DELIVERS: "delivered by", EdgeType.CALLS_MODULE: "called by", EdgeType.USES_CHART: "used by",
    EdgeType.BUILDS_IMAGE: "built by", EdgeType.RUNS_IMAGE: "run by", EdgeType.DESCRIBES: "described by",
    EdgeType.GENERATED_FROM: "template of", EdgeType.RUNS: "changed by", EdgeType.REQUESTS: "requested by",
    EdgeType.DEPENDS_ON: "needed by",
}  # fmt: skip
_SAYS = {Resolved.INSIDE: "", Resolved.OUTSIDE: "outside the estate: unknown", Resolved.AMBIGUOUS: "not certain which"}
LINKS = 40
"""Links of one unit that are listed; of more, how many there are."""


@dataclass(frozen=True, slots=True)
class Links:
    """The links by sort, and the addresses outside that most of them lead to: candidates for further targets."""

    counts: tuple[tuple[str, int, int], ...]
    """What the links say, how many there are, and how many of these lead out of the estate."""
    outside: tuple[tuple[str, int], ...]

    @property
    def said(self) -> tuple[str, ...]:
        """The links in one sentence; none where there are none."""
        if not self.counts:
            return ()
        total, out = sum(number for _, number, _ in self.counts), sum(number for _, _, number in self.counts)
        sorts = ", ".join(f"{name} {number:,}" for name, number, _ in self.counts)
        most = ", ".join(f"{name} ({number:,})" for name, number in self.outside[:3])
        leads = f"; {out:,} lead out of the estate" + (f", most to {most}" if most else "") if out else ""
        return (f"Links: {count(total, 'link')} ({sorts}){leads}.",)


def links(assessment: Assessment) -> Links:
    """The links of an estate, the most frequent sort first."""
    every = Counter(edge.type for edge in assessment.graph.edges)
    out = Counter(edge.type for edge in assessment.graph.edges if edge.resolved is Resolved.OUTSIDE)
    ranked = sorted(every.items(), key=lambda item: (-item[1], item[0]))
    return Links(
        tuple((_FORTH[type], number, out[type]) for type, number in ranked),
        tuple((plain(name), number) for name, number in assessment.graph.outside()),
    )


def links_of(assessment: Assessment, node: str) -> Iterator[str]:
    """The links of one unit as lines, what it does first, then what is done to it; none where there are none."""
    targets = {target.label: target for target in assessment.targets}
    names = {one.id: one.name if one.kind is NodeKind.EXTERNAL else one.id for one in assessment.graph.nodes}
    found = sorted(assessment.graph.of(node), key=lambda edge: edge.source != node)
    if found:
        yield "  Links:"
    yield from (f"    {_sentence(edge, node, names)}  {spot(targets, edge.at).text}" for edge in found[:LINKS])
    if len(found) > LINKS:
        yield f"    … and {len(found) - LINKS:,} more in assessment.json"


def _sentence(edge: Edge, node: str, names: dict[str, str]) -> str:
    forth = edge.source == node
    other = edge.target if forth else edge.source
    written = edge.written if edge.type is EdgeType.RUNS else f"as {edge.written}"
    notes = (written if edge.written not in ("", other) else "", _SAYS[edge.resolved])
    where = f", directory {edge.path}" if edge.path and forth and f":{edge.path}" not in other else ""
    note = "; ".join(filter(None, notes))
    return plain(f"{(_FORTH if forth else _BACK)[edge.type]} {names.get(other, other)}{where}" + (f" ({note})" if note else ""))
