"""An assessment as pandas tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from assess.model.finding import Finding
from assess.model.gap import Gap
from assess.model.outcome import Outcome
from assess.model.placement import Placement, UnitPlace
from assess.model.target import Location

if TYPE_CHECKING:
    import pandas

    from assess.model.assessment import Assessment


def frames(assessment: Assessment) -> dict[str, pandas.DataFrame]:
    """Tables of an assessment; see `Assessment.to_frames`."""
    import pandas as pd

    tables: dict[str, tuple[type, Sequence[Any]]] = {
        "placements": (Placement, assessment.placements),
        "units": (UnitPlace, assessment.units),
        "outcomes": (Outcome, assessment.outcomes),
        "findings": (Finding, assessment.findings),
        "gaps": (Gap, assessment.gaps),
    }
    return {
        name: pd.DataFrame([_row(value) for value in rows], columns=[f.name for f in fields(kind)])
        for name, (kind, rows) in tables.items()
    }


def _row(value: Any) -> dict[str, Any]:
    return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Location):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
