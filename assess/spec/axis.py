"""`rules/axes/<id>.yaml`: an axis beside the ladder, and the statements that rules settle about it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, HttpUrl, StringConstraints

from assess.spec.strict import Strict

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
StatementId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*$")]
"""`AXIS.STATEMENT`"""


class Statement(Strict):
    """One thing that is so, or is absent."""

    id: Slug
    text: Annotated[str, StringConstraints(min_length=10, strip_whitespace=True)]


class Axis(Strict):
    """One axis; never converted into a level or into another axis."""

    id: Slug
    name: str
    about: str
    sources: tuple[HttpUrl, ...] = ()
    statements: Annotated[tuple[Statement, ...], Field(min_length=1)]
