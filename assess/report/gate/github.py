"""A gate's result as GitHub's annotations on the lines of a change, worst first.

GitHub shows ten errors, ten warnings and ten notices of a step and drops the rest in silence, so the rest is counted.
Source: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions, escaping: packages/core/src/command.ts
of https://github.com/actions/toolkit
"""

from __future__ import annotations

from collections.abc import Iterator

from assess.model.finding import Finding
from assess.report.gate.view import Kind, Line, Shown, lines
from assess.report.text import plain, sentence
from assess.report.words import count

SHOWN = 10
"""Annotations of one level in one step."""
_LEVELS = {Kind.NEW: "error", Kind.INCOMPARABLE: "error", Kind.WARNING: "warning"}
_TEXT = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _TEXT | str.maketrans({":": "%3A", ",": "%2C"})


def render(shown: Shown) -> str:
    """A command a finding; of those that GitHub would not show, one notice that counts them."""
    found = lines(shown.result, *_LEVELS)
    return "".join(f"{command}\n" for command in _commands(found))


def _commands(found: list[Line]) -> Iterator[str]:
    by_level = {level: [line for line in found if _LEVELS[line.kind] == level] for level in ("error", "warning")}
    for level, these in by_level.items():
        yield from (_annotation(level, line) for line in these[:SHOWN])
    if hidden := [count(len(these) - SHOWN, level) for level, these in by_level.items() if len(these) > SHOWN]:
        yield f"::notice title=idp-assess gate::{' and '.join(hidden)} more: GitHub shows {SHOWN} of a kind. The job summary has them."


def _annotation(level: str, line: Line) -> str:
    finding = line.finding
    title = f"{line.policy} ({finding.severity})" + (f": {line.title}" if line.title else "")
    properties: dict[str, str | int] = {"title": plain(title, 200)}
    if line.path:
        properties = {"file": line.path, **_region(finding), **properties}
    told = {"": sentence(line.what), "Why": line.why, "Fix": line.fix, "Remedy": line.remedy, "Action": line.action}
    text = "\n".join(f"{name}: {said}" if name else said for name, said in told.items() if said)
    written = ",".join(f"{name}={str(value).translate(_PROPERTY)}" for name, value in properties.items())
    return f"::{level} {written}::{text.translate(_TEXT)}"


def _region(finding: Finding) -> dict[str, int]:
    """The narrowest region that is known; columns count only within one line."""
    found = {"line": finding.at.line, "endLine": finding.end_line}
    if finding.end_line in (0, finding.at.line) and finding.column:
        found |= {"col": finding.column, "endColumn": finding.end_column}
    return {name: value for name, value in found.items() if value and finding.at.line}
