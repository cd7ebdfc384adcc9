"""A gate's result in one of the formats; the dict below is the registry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from assess.errors import UsageError
from assess.report.gate.view import Shown
from assess.spec.strict import near_miss

RENDERERS: dict[str, str] = {
    "terminal": "assess.report.gate.terminal",
    "json": "assess.report.gate.json",
    "sarif": "assess.report.gate.sarif",
    "junit": "assess.report.gate.junit",
    "markdown": "assess.report.gate.markdown",
    "github": "assess.report.gate.github",
}
"""Format -> the module whose `render(shown) -> str` makes it."""


def check(format: str) -> None:
    """Errors: UsageError for a format that there is not."""
    if format not in RENDERERS:
        raise UsageError(f"no format '{format}'{near_miss(format, RENDERERS)}", fix=f"One of: {', '.join(RENDERERS)}.")


def places(reports: Sequence[str]) -> dict[Path, str]:
    """The path of each report with its format. Errors: UsageError for what is no `FORMAT=PATH`, and for a path that is named twice."""
    found: dict[Path, str] = {}
    for report in reports:
        format, equals, name = report.partition("=")
        check(format)
        if not equals or not name:
            raise UsageError(f"--report {format} names no file", fix=f"Write it as --report {format}=PATH.")
        if Path(name) in found:
            raise UsageError(f"--report names {name} twice", fix="Give each report a file of its own.")
        found[Path(name)] = format
    return found


def render(shown: Shown, format: str) -> str:
    """A result as text in a format."""
    maker: Callable[[Shown], str] = import_module(RENDERERS[format]).render
    return maker(shown)
