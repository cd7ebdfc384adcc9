"""The channel table: how a change was made and by whom, as ordered rows over the fields of a `ChangeEvent`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self, TypeVar

from pydantic import Field, HttpUrl, StringConstraints, model_validator

from assess.model.fact import ChangeEvent
from assess.spec.condition import Condition, Unknown, vocabulary
from assess.spec.rule import Text
from assess.spec.strict import Strict

Level = Annotated[int, Field(ge=0, le=5)]
Levels = tuple[Level, Level]


class Channel(StrEnum):
    """What a change was made with."""

    CONSOLE = "console"
    CLI = "cli"
    SDK = "sdk"
    TERRAFORM = "terraform"
    CLOUDFORMATION = "cloudformation"
    PULUMI = "pulumi"
    OPERATOR = "operator"
    CATALOG = "catalog"
    UNATTRIBUTED = "unattributed"


class Executor(StrEnum):
    """Who or what ran it."""

    HUMAN = "human"
    PIPELINE = "pipeline"
    CONTROLLER = "controller"
    SERVICE = "service"
    UNKNOWN = "unknown"


class Row(Strict):
    """One row: a condition over a `ChangeEvent`, with the reason and a source. Of a table the first that holds counts."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    when: str
    why: Text
    sources: Annotated[tuple[HttpUrl, ...], Field(min_length=1)]

    @cached_property
    def condition(self) -> Condition:
        """The compiled condition."""
        return Condition(self.when, ChangeEvent.__name__)

    @model_validator(mode="after")
    def _check(self) -> Self:
        try:
            self.condition  # noqa: B018  compiled once, at load
        except ValueError as error:
            raise ValueError(f"when: {error}") from None
        return self


class ChannelRow(Row):
    """A channel, with the levels of the ladder that a change through it points at.

    executor: where the channel alone says who. level_by: the levels where the executor narrows them.
    """

    channel: Channel
    executor: Executor | None = None
    level: Levels
    level_by: dict[Executor, Levels] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if wrong := [f"{low}-{high}" for low, high in (self.level, *self.level_by.values()) if low > high]:
            raise ValueError(f"level: {wrong[0]} ends before it starts")
        return self

    def levels(self, executor: Executor) -> Levels:
        """The interval of levels that a change through this channel by this executor points at."""
        return self.level_by.get(executor, self.level)


class ExecutorRow(Row):
    """Who ran it, by what the record says of the identity."""

    executor: Executor


class Channels(Strict):
    """`rules/channels/aws.yaml`: what is no change, the channels and the executors, each in order."""

    drop: tuple[Row, ...] = ()
    channels: tuple[ChannelRow, ...] = ()
    executors: tuple[ExecutorRow, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        ids = [row.id for row in (*self.drop, *self.channels, *self.executors)]
        if twice := sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"id: {', '.join(twice)} is used twice")
        return self

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The fields of a `ChangeEvent` that some row looks at: events that agree in these fall in the same row."""
        text = " ".join(row.when for row in (*self.drop, *self.channels, *self.executors))
        return tuple(sorted(name for name in vocabulary(ChangeEvent.__name__) if re.search(rf"\bfact\.{name}\b", text)))

    def after(self, first: Channels) -> Channels:
        """This table behind another one's rows, which are asked before its own.

        Errors: ValueError where both use an id.
        """
        return Channels(
            drop=(*first.drop, *self.drop),
            channels=(*first.channels, *self.channels),
            executors=(*first.executors, *self.executors),
        )


R = TypeVar("R", bound=Row)


def first_match(rows: Sequence[R], event: ChangeEvent) -> list[R | None]:
    """The rows that may be the first to hold, in order; more than one where a value that is not known decides.

    Shape: ends with the row that certainly holds, or with None where none does.
    """
    possible: list[R | None] = []
    for row in rows:
        try:
            if row.condition.holds(event):
                return [*possible, row]
        except Unknown:
            possible.append(row)
    return [*possible, None]
