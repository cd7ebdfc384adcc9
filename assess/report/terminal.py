"""An assessment for a person at a terminal: the answer first, then what decides it, then everything in a line each.

Colour only on a terminal and without NO_COLOR; plain text in a pipe. Foreign text arrives cleaned (`text.plain`) and is
printed as text, never as Rich markup.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from assess.model.assessment import Assessment
from assess.report.activity import COLUMNS
from assess.report.console import bare_table
from assess.report.evidence import Span, UnitLine
from assess.report.subjects import Side, Subject
from assess.report.text import plain
from assess.report.view import View, view
from assess.report.words import count

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

ROWS = 40
"""Repositories or units in one table."""
_STEPS = {"sure": ("█", "cyan"), "may": ("▒", "cyan"), "not": ("·", "bright_black")}
_ASCII = str.maketrans({"█": "#", "▒": "=", "·": ".", "–": "-", "→": ">", "…": "~", "τ": "tau", "•": "*", "─": "-", "’": "'"})


def render(assessment: Assessment) -> str:
    """The report as text, as wide as the terminal (80 to 200 columns; 100 in a pipe)."""
    from rich.console import Console

    console = Console(markup=False, highlight=False, emoji=False)
    wide = console.width if console.is_terminal or "COLUMNS" in os.environ else 100
    console.width = max(80, min(wide, 200))
    with console.capture() as captured:
        _print(console, view(assessment))
    text = "".join(line.rstrip() + "\n" for line in captured.get().splitlines())
    return text if console.encoding.startswith("utf") else text.translate(_ASCII).encode("ascii", "replace").decode()


def _print(console: Console, seen: View) -> None:
    side = seen.headline.declared
    _head(console, seen)
    if not side.span.without:
        _ladder(console, seen, side)
        _decides(console, side)
        _next(console, seen, seen.headline)
    if seen.single:
        _units(console, seen.headline.lines)
    else:
        _subjects(console, "Teams", seen.teams)
        _subjects(console, "Repositories", seen.placed)
    _axes(console, seen)
    _flows(console, seen)
    _findings(console, seen)
    _around(console, seen)


def _head(console: Console, seen: View) -> None:
    span = seen.headline.declared.span
    read = f"{count(seen.targets, 'target')}, " if not seen.single else ""
    console.print(_text((seen.title, "bold"), (f"  {read}{count(seen.units, 'unit')}, {seen.when}, τ {seen.tau:g}", "bright_black")))
    if span.without:
        console.print(_text(("Not on the ladder", "bold"), (f": {span.without}. Never counted as level 0.", "")))
        return
    if span.open:
        answer = "Level unknown: nothing that was read settles it"
    elif span.low == span.high:
        answer = f"Level {span.low}, {seen.levels[span.low].name}"
    else:
        answer = f"Level {span.low} to {span.high}: {seen.levels[span.low].name}, possibly {seen.levels[span.high].name}"
    confirmed = seen.headline.confirmed.span
    said = "nothing yet" if confirmed.open else f"{confirmed.words} " + "".join(_STEPS[step][0] for step in confirmed.steps)
    console.print(_text((answer, "bold cyan"), ("  declared; confirmed: ", "bright_black"), (said, "")))


def _ladder(console: Console, seen: View, side: Side) -> None:
    """The six steps, the highest on top, with the units that stand on each for certain."""
    console.print()
    widest = max(len(level.name) for level in seen.levels)
    most = max(side.histogram) or 1
    room = console.width - widest - 22
    for level in reversed(seen.levels):
        glyph, colour = _STEPS[side.span.steps[level.level]]
        number = side.histogram[level.level]
        bar = "─" * max(1, round(room * number / most)) if number else ""
        here = "bold" if level.level == side.span.low and not side.span.open else ""
        console.print(_text((f"  {glyph * 3} ", colour), (f"{level.level} {level.name:<{widest}}  ", here), (bar, colour), _number(number)))
    if unsure := side.histogram[6]:
        bar = "─" * max(1, round(room * unsure / most))
        console.print(_text((f"      ? {'uncertain':<{widest}}  ", ""), (bar, "bright_black"), _number(unsure)))


def _number(number: int) -> tuple[str, str]:
    return (f" {count(number, 'unit')}" if number else "", "")


def _decides(console: Console, side: Side) -> None:
    _title(console, "What decides")
    if side.gate:
        _line(console, f"{side.span.words} · {side.gate}")
    for note in (side.also, side.robustness):
        if note:
            _line(console, note, "bright_black")
    if side.inversion:
        _line(console, f"Inversion: {side.inversion}", "yellow")
    for example in side.against:
        _line(console, f"• {example.spot.text}  {example.span.words}", "bold")
        if example.why:
            _line(console, example.why, indent=4)


def _next(console: Console, seen: View, subject: Subject) -> None:
    side = subject.declared
    _title(console, "Next")
    for text in side.settle[:3]:
        _line(console, f"To know more: {text}")
    if subject.next_step:
        _line(console, f"{subject.next_step}")
    if side.teams_below:
        _line(console, "Teams not there yet: " + _some([f"{name} ({words})" for name, words in side.teams_below], 8))
    if side.raises:
        _line(
            console,
            f"The fewest units that have to move: {len(side.raises)}, nearest first: {_some(_names(seen, side.raises), 4)}",
        )
    if seen.confirm:
        _line(console, seen.confirm, "bright_black")


def _names(seen: View, units: Iterable[str]) -> list[str]:
    """Units as a person calls them; the repository is left out where there is only one."""
    found = [(unit, seen.lines.get(unit)) for unit in units]
    return [unit if line is None else line.name if seen.single else f"{line.target}:{line.name}" for unit, line in found]


def _subjects(console: Console, title: str, found: Sequence[Subject]) -> None:
    if not found:
        return
    _title(console, f"{title}, lowest first" if len(found) > 1 and title != "Teams" else title)
    table = bare_table(("", "left"), ("units", "right"), ("declared", "left"), ("confirmed", "left"), ("decides", "left"))
    for subject in found[:ROWS]:
        table.add_row(
            _text((subject.name, "")),
            f"{subject.units:,}",
            _span(subject.declared.span),
            _span(subject.confirmed.span),
            _short(subject),
        )
    _indented(console, table)
    _left(console, len(found), "idp-assess report assessment.json -f html shows all")


def _units(console: Console, lines: Sequence[UnitLine]) -> None:
    """A line each: what holds a unit there is cut to what is left of the line, the counterexamples say it in full."""
    if not lines:
        return
    _title(console, "Units, lowest first" if len(lines) > 1 else "Unit")
    table = bare_table(("", "left"), ("kind", "left"), ("declared", "left"), ("confirmed", "left"), ("what holds it there", "left"))
    taken = max(len(unit.name) for unit in lines[:ROWS]) + max(len(unit.kind) for unit in lines[:ROWS]) + 36
    room = max(20, console.width - taken)
    for unit in lines[:ROWS]:
        why = _text((plain(unit.why, room), "bright_black"))
        table.add_row(_text((unit.name, "")), unit.kind, _span(unit.declared), _span(unit.confirmed), why)
    _indented(console, table)
    _left(console, len(lines), "assessment.json holds all")


def _short(subject: Subject) -> Text:
    """What decides a subject, short enough for a table."""
    coverage = subject.declared.coverage
    flag = ("inversion  ", "yellow") if subject.declared.inversion else ("", "")
    if coverage is None:
        return _text(flag)
    may = f", {coverage.possible} may" if coverage.possible > coverage.certain else ""
    return _text(flag, (f"{coverage.certain} of {coverage.total} at L{coverage.level}{may}, {coverage.needed} needed", "bright_black"))


def _axes(console: Console, seen: View) -> None:
    """The axes beside the ladder, a line a statement."""
    for axis in seen.axes:
        _title(console, axis.name)
        table = bare_table(("", "left"), ("", "left"), ("", "left"))
        for line in axis.lines:
            place = line.spots[0].text + (f" and {len(line.spots) - 1} more" if len(line.spots) > 1 else "") if line.spots else line.reason
            table.add_row(_text((line.text, "")), _text((line.said, "bold" if line.spots else "")), _text((place, "bright_black")))
        _indented(console, table)


def _flows(console: Console, seen: View) -> None:
    if seen.flows or seen.activity:
        _title(console, "Recent changes")
    for flow in seen.flows[:ROWS]:
        channels = _some([f"{name} {number:,}" for name, number in flow.by_channel], 6)
        _line(console, f"{flow.subject}: {count(flow.changes, 'change')} in {count(flow.window_days, 'day')}: {channels}")
        if flow.leaks:
            _line(console, f"A person made {flow.leaks:,} of them in the console:", "yellow", indent=4)
        for one in flow.leak[:3]:
            _line(console, f"• {one.time} {one.action} {one.resource} ({one.spot.text})", indent=4)
        if flow.rests:
            _line(console, flow.rests, "bright_black", indent=4)
    if seen.single:
        for line in seen.activity:
            _line(console, line.said)
            _line(console, line.rests, "bright_black", indent=4)
    elif seen.activity:
        table = bare_table(("", "left"), *((name.lower(), "right") for name in COLUMNS))
        for line in seen.activity[:ROWS]:
            table.add_row(_text((line.subject, "")), *line.cells)
        _indented(console, table)
        _left(console, len(seen.activity), "assessment.json holds all")
        _line(console, seen.activity_note, "bright_black")


def _findings(console: Console, seen: View) -> None:
    if not seen.verdicts:
        return
    _title(console, "Findings")
    _line(console, ", ".join(f"{number:,} {name}" for name, number in seen.verdicts))
    for group in seen.findings[:5]:
        _line(console, f"• {group.severity} {group.policy} ({group.verdict}): {group.message} {group.lines[0].spot.text}"
              + (f" and {len(group.lines) - 1} more" if len(group.lines) > 1 else ""))  # fmt: skip


def _around(console: Console, seen: View) -> None:
    """What was not read, set aside or left out: a line each, for it bounds what was said above."""
    _title(console, "Not seen, and set aside")
    for subject in seen.unread[:10]:
        _line(console, f"Could not be read: {subject.name}: {subject.unread_because}", "yellow")
    if seen.gaps:
        reasons = [f"{group.reason.lower()} {len(group.lines):,}" for group in seen.gaps]
        _line(console, f"Not seen: {seen.gap_count:,} ({_some(reasons, 6)})")
        for gap in [line for group in seen.gaps for line in group.lines if line.blinds][:3]:
            _line(console, f"• {gap.spot.text}: {gap.what} {gap.settle}", indent=4)
    if seen.set_aside:
        _line(console, "Set aside, counted nowhere: " + _some([f"{g.role} ({count(g.files, 'file')})" for g in seen.set_aside], 8))
    if seen.not_applicable and not seen.single:
        _line(console, "Not on the ladder: " + _some([f"{s.name} ({s.declared.span.without})" for s in seen.not_applicable], 6))
    if seen.attestations:
        _line(console, f"{count(len(seen.attestations), 'attestation')} in the estate file: shown in the report, counted nowhere")
    if left_out := [one.path for one in seen.exclusions if not one.expired]:
        _line(console, f"{count(len(left_out), 'exclusion')} in the estate file: {_some(left_out, 4)}")
    for one in [one for one in seen.exclusions if one.expired][:10]:
        _line(console, f"Expired on {one.expires}, counts again: {one.path} (left out by {one.owner}: {one.reason})", "yellow")
    if not (seen.unread or seen.gaps or seen.set_aside or seen.not_applicable):
        _line(console, "Nothing: everything that was named was read.")
    for said in seen.said:
        _line(console, said)


# --- pieces -----------------------------------------------------------------------------------------------------


def _text(*parts: tuple[str, str]) -> Text:
    from rich.text import Text

    return Text.assemble(*parts)


def _title(console: Console, text: str) -> None:
    console.print()
    console.print(_text((text, "bold")))


def _line(console: Console, text: str, style: str = "", indent: int = 2) -> None:
    from rich.padding import Padding

    console.print(Padding(_text((text, style)), (0, 0, 0, indent)))


def _indented(console: Console, table: Table) -> None:
    from rich.padding import Padding

    console.print(Padding(table, (0, 0, 0, 2), expand=False))


def _left(console: Console, total: int, where: str) -> None:
    if total > ROWS:
        _line(console, f"… {total - ROWS:,} more; {where}", "bright_black")


def _span(span: Span) -> Text:
    """An interval drawn as six cells and in words."""
    if span.without:
        return _text(("n/a", "bright_black"))
    if span.open:
        return _text(("······ open", "bright_black"))
    return _text(*(_STEPS[step] for step in span.steps), (f" {span.words}", ""))


def _some(items: Iterable[str], most: int) -> str:
    """The first items, and how many there are more."""
    every = list(items)
    more = f", … {len(every) - most:,} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more
