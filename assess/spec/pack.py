"""`pack.yaml`: whose content a directory is, and the id prefixes that it owns."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from assess.spec.strict import Strict


class PackSpec(Strict):
    """The head of a pack."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]
    description: str
    prefixes: Annotated[tuple[str, ...], Field(min_length=1)]
    """Rule and policy ids of this pack start with one of these."""
