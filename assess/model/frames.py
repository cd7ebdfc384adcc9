"""An assessment as pandas tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from assess.model.activity import Activity
from assess.model.assessment import Flow
from assess.model.fact import Fact
from assess.model.finding import Finding
from assess.model.gap import Gap
from assess.model.graph import Edge
from assess.model.outcome import Outcome
from assess.model.placement import Counterexample, Gate, Placement, UnitPlace
from assess.model.standing import Standing
from assess.model.target import Location

if TYPE_CHECKING:
    import pandas

    from assess.model.assessment import Assessment


def frames(assessment: Assessment) -> dict[str, pandas.DataFrame]:
    """Tables of an assessment; see `Assessment.to_frames`.

    Shape: a row a value, columns named as the fields; a placement's gate is one column a field of it (`gate_level`, …),
    a counterexample its text; a fact is `kind`, `at`, `tool` and the rest as JSON.
    """
    import pandas as pd

    tables: dict[str, tuple[type, Sequence[Any]]] = {
        "placements": (Placement, assessment.placements),
        "units": (UnitPlace, assessment.units),
        "outcomes": (Outcome, assessment.outcomes),
        "standings": (Standing, assessment.standings),
        "findings": (Finding, assessment.findings),
        "gaps": (Gap, assessment.gaps),
        "flows": (Flow, assessment.flows),
        "activity": (Activity, assessment.activity),
        "edges": (Edge, assessment.graph.edges),
    }
    made = {name: pd.DataFrame([_row(value) for value in rows], columns=_columns(kind)) for name, (kind, rows) in tables.items()}
    counts = [f"gate_{f.name}" for f in fields(Gate) if f.name != "threshold"]
    made["placements"] = made["placements"].astype(dict.fromkeys(counts, "Int64"))  # whole numbers, or missing where there is no gate
    return {**made, "facts": pd.DataFrame([_fact(fact) for fact in assessment.facts], columns=["kind", "at", "tool", "rest"])}


def _columns(kind: type) -> list[str]:
    gate = [f"gate_{f.name}" for f in fields(Gate)]
    return [column for f in fields(kind) for column in (gate if kind is Placement and f.name == "gate" else [f.name])]


def _row(value: Any) -> dict[str, Any]:
    row = {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Placement):
        del row["gate"]
        row |= {f"gate_{f.name}": getattr(value.gate, f.name, None) for f in fields(Gate)}
    return row


def _fact(fact: Fact) -> dict[str, Any]:
    """A fact as a row. rest: its other fields, as JSON with sorted keys."""
    import json

    rest = {name: value for name, value in asdict(fact).items() if name not in ("at", "tool")}
    return {
        "kind": fact.kind,
        "at": str(fact.at),
        "tool": fact.tool,
        "rest": json.dumps(rest, sort_keys=True, ensure_ascii=False),
    }


def _plain(value: Any) -> Any:
    """A value of tables: text, numbers, and lists and dictionaries of them."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Location):
        return str(value)
    if isinstance(value, Counterexample):
        low, high = value.levels
        return f"{value.unit} ({value.at}) L{low}{f'-L{high}' if high > low else ''}: {value.why}".removesuffix(": ")
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if hasattr(value, "items"):
        return {key: _plain(item) for key, item in value.items()}
    return value
