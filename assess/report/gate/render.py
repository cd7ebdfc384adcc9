"""A gate's result in one of the formats; the dict below is the registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from assess.errors import UsageError
from assess.policy.result import GateResult
from assess.spec.strict import near_miss

RENDERERS: dict[str, str] = {
    "terminal": "assess.report.gate.terminal",
    "json": "assess.report.gate.json",
}
"""Format -> the module whose `render(shown) -> str` makes it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a renderer is given. source: a file of the head by its path, None where it cannot be had. colour: for a terminal."""

    result: GateResult
    source: Callable[[str], bytes | None] = lambda path: None
    colour: bool = False


def check(format: str) -> None:
    """Errors: UsageError for a format that there is not."""
    if format not in RENDERERS:
        raise UsageError(f"no format '{format}'{near_miss(format, RENDERERS)}", fix=f"One of: {', '.join(RENDERERS)}.")


def render(shown: Shown, format: str) -> str:
    """A result as text in a format."""
    maker: Callable[[Shown], str] = import_module(RENDERERS[format]).render
    return maker(shown)
