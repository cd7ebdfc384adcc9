"""`rules/ladder.yaml`: the levels in words, and the thresholds that place a subject."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from assess.spec.strict import Strict


class Level(Strict):
    """One step of the ladder."""

    level: Annotated[int, Field(ge=0, le=5)]
    name: str
    meaning: str
    looks_like: str
    next_step: str


class Ladder(Strict):
    """The whole ladder, lowest first."""

    tau: Annotated[float, Field(gt=0.5, le=1)] = 0.8
    window_days: Annotated[int, Field(ge=1)] = 90
    sources: tuple[str, ...] = ()
    levels: Annotated[tuple[Level, ...], Field(min_length=6, max_length=6)]
