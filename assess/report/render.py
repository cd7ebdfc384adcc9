"""An assessment in one of the formats; the tuple below is the registry."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module

from assess.errors import UsageError
from assess.model.assessment import Assessment
from assess.spec.strict import near_miss

RENDERERS: dict[str, str] = {
    "terminal": "assess.report.terminal",
    "json": "assess.report.json",
    "markdown": "assess.report.markdown",
    "html": "assess.report.html",
}
"""Format -> the module whose `render(assessment) -> str` makes it."""


def check(format: str) -> None:
    """Errors: UsageError for a format that there is not."""
    if format not in RENDERERS:
        raise UsageError(f"no format '{format}'{near_miss(format, RENDERERS)}", fix=f"One of: {', '.join(RENDERERS)}.")


def render(assessment: Assessment, format: str) -> str:
    """An assessment as text in a format."""
    maker: Callable[[Assessment], str] = import_module(RENDERERS[format]).render
    return maker(assessment)


def show(assessment: Assessment, format: str) -> None:
    """Print an assessment on stdout: for people in their terminal's encoding, everything else as UTF-8."""
    text, raw = render(assessment, format), getattr(sys.stdout, "buffer", None)
    if format == "terminal" or raw is None:
        sys.stdout.write(text)
    else:
        sys.stdout.flush()
        raw.write(text.encode())
        raw.flush()
