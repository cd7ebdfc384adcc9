"""A gate's result for a person at a terminal: what has to be mended on stdout, what was asked and found on stderr."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from assess.errors import ExitCode
from assess.policy.gate.result import GateResult, State
from assess.report.gate.view import SHOWN, Kind, Line, Shown, asked, counts, excerpts, lines, verdict
from assess.report.text import plain

_COLOURS = {Kind.NEW: "31;1", Kind.WARNING: "33;1", Kind.INCOMPARABLE: "35;1", Kind.REPORTED: "36;1"}
_INDENT = 9


def render(shown: Shown) -> str:
    """What a person needs to mend the change: each finding with its line, why and how; what is excused is only counted."""
    excerpt = excerpts(shown)
    return "".join(f"{_block(line, excerpt(line), shown)}\n\n" for line in lines(shown.result, *SHOWN))


def summary(result: GateResult, *, colour: bool = False) -> Iterator[str]:
    """What was compared, what was found, and the exit code, in a few lines."""
    found = counts(result)
    always = (Kind.NEW, Kind.RESOLVED, Kind.UNCHANGED, Kind.INCOMPARABLE)
    told = [f"{found.get(kind, 0)} {kind}" for kind in Kind if kind in found or kind in always]
    code = "32;1" if result.exit_codes[0] is ExitCode.PASSED else "31;1"
    yield f"gate {_coloured(verdict(result), code, colour)}: {', '.join(told)}"
    if result.base == result.head:
        yield f"  all of {result.head[:12]}"
    else:
        yield f"  {result.touched} files differ between {result.base[:12]} (merge base) and {result.head[:12]}"
    yield from (f"  {line}" for line in asked(result))
    if result.aside:
        more = " …" if len(result.aside) > 5 else ""
        yield f"  not checked, for their trees do not count as use: {plain(', '.join(result.aside[:5]))}{more}"
    for one in result.of(State.NOTED):
        yield f"  not seen on either side, and not touched: {plain(one.finding.at.path)}: {plain(one.finding.message)}"


def _block(line: Line, excerpt: str, shown: Shown) -> str:
    word = _coloured(line.kind.upper(), _COLOURS[line.kind], shown.colour)
    place = _coloured(line.place, "1", shown.colour)
    said = {"what": line.what, "why": line.why, "fix": line.fix, "remedy": line.remedy, "action": line.action}
    told = [f"{word} {line.finding.severity} {line.policy} ({plain(line.finding.engine)}) {place}"]
    if excerpt:
        told.append(_coloured(f"  {line.finding.at.line:>6} | {excerpt}", "2", shown.colour))
    return "\n".join([*told, *(_paragraph(name, text, shown.width) for name, text in said.items() if text)])


def _paragraph(name: str, text: str, width: int) -> str:
    if not width:
        return f"  {name:6} {text}"
    return textwrap.fill(
        text, max(width, 40), initial_indent=f"  {name:6} ", subsequent_indent=" " * _INDENT, break_long_words=False, break_on_hyphens=False
    )


def _coloured(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text
