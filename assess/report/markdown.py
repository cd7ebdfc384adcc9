"""An assessment as a comment on a pull request: GitHub-flavoured Markdown within the limit of a comment.

GitHub refuses comments over 65,536 characters; `BUDGET` leaves room for a bot's own words
(https://github.com/orgs/community/discussions/41331).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from assess.model.assessment import Assessment, Attestation, Exclusion
from assess.report.activity import COLUMNS
from assess.report.evidence import Span, Spot, UnitLine
from assess.report.subjects import Side, Subject
from assess.report.view import View, view
from assess.report.words import count

BUDGET = 60_000
"""Characters."""
_ROWS = (400, 200, 100, 60, 40, 25, 15, 8, 4, 2, 1)
"""Entries a list may have; the first number with which the whole fits is taken."""
_STEPS = {"sure": "█", "may": "▒", "not": "·"}
# Everything that starts markup, HTML or an autolink in GFM becomes an entity, which stays text in every context, table cells
# included (https://github.github.com/gfm/#entity-and-numeric-character-references). GitHub looks for @mentions and #references
# after that, so those get a zero-width space as well. At the start of a line some more make a heading, a list or a rule.
_ACTIVE = re.compile(
    r"[\\`*_{}\[\]<>|~&!$]|:(?=//)|(?<=\bwww)\.|[@#](?=\w)"
    r"|\A[#+=-](?=[\s#+=-]|\Z)|\A\d(?=\d{0,8}[.)](?:\s|\Z))"
)
_TAME = re.compile(r"[A-Za-z0-9 ._/:+=,#@*~(){}\[\]!?%-]+\Z")


def render(assessment: Assessment) -> str:
    """The report as Markdown of at most `BUDGET` characters, with as many entries a list as fit."""
    seen = view(assessment)
    parts: list[str] = []
    for rows in _ROWS:
        parts = [part for make in _PARTS if (part := make(seen, rows))]
        if len(_joined(parts)) <= BUDGET:
            return _joined(parts)
    while len(_joined([*parts, _CUT])) > BUDGET:
        parts.pop()
    return _joined([*parts, _CUT])


_CUT = "… more did not fit a comment; assessment.json holds all."


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"


def escape(text: str) -> str:
    """Foreign text that shows as itself and does nothing: no markup, HTML, mention, reference or link."""
    return _ACTIVE.sub(lambda match: f"&#{ord(match[0])};" + ("&#8203;" if match[0] in "@#" else ""), text)


def code(text: str) -> str:
    """A name or path as code; GitHub looks for no mentions and references inside."""
    if _TAME.match(text) and text.strip() == text:
        return f"`{text}`"
    quoted = re.sub(r"[^A-Za-z0-9 ./=,-]", lambda match: f"&#{ord(match[0])};" if match[0].isascii() else match[0], text)
    return f"<code>{quoted}</code>"


def prose(text: str) -> str:
    """Text of ours with foreign parts in it: what stands between backticks is code, and all of it does nothing."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return "".join(code(part) if number % 2 and part.strip() else escape(part) for number, part in enumerate(parts))


def _head(seen: View, rows: int) -> str:
    side, other = seen.headline.declared, seen.headline.confirmed
    if side.span.without:
        return f"## {escape(seen.title)}: not on the ladder\n\n{escape(side.span.without)}. Never counted as level 0."
    lines = [f"## {escape(seen.title)}: {_level(seen, side.span)}"]
    if side.gate:
        lines.append(f"**{side.span.words}** · {side.gate}." + (f" {side.also}" if side.also else ""))
    confirmed = "nothing yet" if other.span.open else f"{other.span.words}, {other.gate}"
    lines.append(f"Declared `{_cells(side.span)}` {side.span.words} · Confirmed `{_cells(other.span)}` {confirmed}")
    if side.inversion:
        lines.append(f"> **Inversion:** {escape(side.inversion)}.")
    return "\n\n".join(lines)


def _level(seen: View, span: Span) -> str:
    if span.open:
        return "level unknown"
    low, high = seen.levels[span.low].name, seen.levels[span.high].name
    return f"level {span.low}, {low}" if span.low == span.high else f"level {span.low} to {span.high}, {low} to {high}"


def _ladder(seen: View, rows: int) -> str:
    side = seen.headline.declared
    if side.span.without:
        return ""
    words = {"sure": "reached", "may": "possible", "not": ""}
    table = [
        (str(level.level), f"**{level.name}**" if level.level == side.span.low else level.name,
         words[side.span.steps[level.level]], f"{side.histogram[level.level]:,}" if side.histogram[level.level] else "")
        for level in reversed(seen.levels)
    ]  # fmt: skip
    if side.histogram[6]:
        table.append(("?", "uncertain", "", f"{side.histogram[6]:,}"))
    return _table(("Level", "", "", "Units"), table, ":--:|:--|:--|--:")


def _next(seen: View, rows: int) -> str:
    side, lines = seen.headline.declared, []
    if side.against:
        lines.append("**What holds it back**\n\n" + _list(_against(side), rows))
    todo = [f"To know more: {escape(text)}" for text in side.settle[:rows]]
    todo += [seen.headline.next_step] if seen.headline.next_step else []
    todo += [f"Team {escape(name)} is not there yet ({words})." for name, words in side.teams_below[:rows]]
    if side.raises:
        named = ", ".join(code(unit) for unit in side.raises[: min(rows, 5)])
        more = f", … {len(side.raises) - min(rows, 5):,} more" if len(side.raises) > min(rows, 5) else ""
        todo.append(f"The fewest units that have to move: {len(side.raises):,}, nearest first: {named}{more}.")
    todo += [seen.confirm] if seen.confirm else []
    if todo:
        lines.append("**Next**\n\n" + _list(todo, rows))
    return "\n\n".join(lines)


def _against(side: Side) -> list[str]:
    return [f"{_spot(a.spot)} {a.span.words}{': ' + escape(a.why) if a.why else ''}" for a in side.against]


def _teams(seen: View, rows: int) -> str:
    return _subjects("Teams", seen.teams, rows)


def _placed(seen: View, rows: int) -> str:
    return "" if seen.single else _subjects("Repositories, clusters and accounts, lowest first", seen.placed, rows)


def _subjects(title: str, found: Sequence[Subject], rows: int) -> str:
    if not found:
        return ""
    table = [
        (code(s.name) + (" (inversion)" if s.declared.inversion else ""), f"{s.units:,}", _interval(s.declared.span),
         _interval(s.confirmed.span), s.declared.gate)
        for s in found[:rows]
    ]  # fmt: skip
    body = _table(("", "Units", "Declared", "Confirmed", "What decides"), table, ":--|--:|:--|:--|:--")
    return f"### {title}\n\n{body}{_more(len(found), rows)}"


def _units(seen: View, rows: int) -> str:
    lines: Sequence[UnitLine] = seen.headline.lines if seen.single else ()
    if not lines:
        return ""
    table = [(_named(u.spot, u.name), u.kind, _interval(u.declared), _interval(u.confirmed), escape(u.why)) for u in lines[:rows]]
    body = _table(("Unit", "Kind", "Declared", "Confirmed", "What holds it there"), table, ":--|:--|:--|:--|:--")
    return f"### Units, lowest first\n\n{body}{_more(len(lines), rows)}"


def _axes(seen: View, rows: int) -> str:
    parts = []
    for axis in seen.axes:
        table = [
            (escape(line.text), escape(line.said), ", ".join(map(_spot, line.spots[:3])) or escape(line.reason)) for line in axis.lines
        ]
        parts.append(f"### {escape(axis.name)}\n\n{_table(('', 'Evidence', 'Where'), table, ':--|:--|:--')}")
    return "\n\n".join(parts)


def _flows(seen: View, rows: int) -> str:
    found = []
    for flow in seen.flows:
        channels = ", ".join(f"{escape(name)} {number:,}" for name, number in flow.by_channel)
        leak = f". **By a person in the console: {flow.leaks:,}**" if flow.leaks else ""
        newest = "".join(f"\n  - {escape(f'{one.time} {one.action} {one.resource}')} {_spot(one.spot)}" for one in flow.leak[:rows])
        changes = f"{count(flow.changes, 'change')} in {count(flow.window_days, 'day')}"
        found.append(f"{code(flow.subject)}: {changes}{': ' if channels else ''}{channels}{leak}. {escape(flow.rests)}{newest}")
    found += [f"{code(one.subject)}: {escape(one.said)} {escape(one.rests)}".rstrip() for one in seen.activity] if seen.single else []
    parts = [_list(found, rows)] if found else []
    if seen.activity and not seen.single:
        table = [(code(line.subject), *line.cells) for line in seen.activity[:rows]]
        align = ":--|" + "|".join(["--:"] * len(COLUMNS))
        parts.append(f"{_table(('Repository', *COLUMNS), table, align)}{_more(len(seen.activity), rows)}\n\n{seen.activity_note}")
    return "### Recent changes\n\n" + "\n\n".join(parts) if parts else ""


def _findings(seen: View, rows: int) -> str:
    if not seen.verdicts:
        return ""
    found = [
        f"**{g.severity}** {code(g.policy)} ({g.verdict}): {escape(g.message)} "
        + ", ".join(_spot(line.spot) for line in g.lines[: min(rows, 5)])
        + (f" … {len(g.lines) - min(rows, 5):,} more" if len(g.lines) > min(rows, 5) else "")
        for g in seen.findings
    ]
    return f"### Findings\n\n{', '.join(f'{n:,} {name}' for name, n in seen.verdicts)}.\n\n{_list(found, rows)}"


def _around(seen: View, rows: int) -> str:
    unread = [f"{code(s.name)}: {escape(s.unread_because)}" for s in seen.unread]
    parts = [(f"Could not be read ({len(unread):,})", unread)]
    for gaps in seen.gaps:
        lines = [f"{_spot(line.spot)}: {escape(line.what)} {escape(line.settle)}".rstrip() for line in gaps.lines]
        parts.append((f"Not seen: {gaps.reason.lower()} ({len(lines):,})", lines))
    for trees in seen.set_aside:
        lines = [f"{_spot(line.spot)} ({count(line.files, 'file')}): {escape(line.reason)}" for line in trees.lines]
        parts.append((f"Set aside: {escape(trees.role)} ({count(trees.files, 'file')})", lines))
    if not seen.single:
        apart = [f"{code(s.name)}: {escape(s.declared.span.without)}" for s in seen.not_applicable]
        parts.append((f"Not on the ladder ({len(apart):,})", apart))
    parts.append(("Decided by the estate file", list(map(escape, seen.overrides))))
    parts.append(("Left out by the estate file", [_exclusion(one) for one in seen.exclusions]))
    parts.append(("Tools and links", list(map(escape, (*seen.tools_said, *seen.links.said)))))
    parts.append(("Said, not seen: shown, never counted", [_attestation(one, seen.date) for one in seen.attestations]))
    folds = [f"<details><summary>{title}</summary>\n\n{_list(lines, rows)}\n\n</details>" for title, lines in parts if lines]
    return "\n\n".join(folds)


def _exclusion(one: Exclusion) -> str:
    expired = "; expired, counts again" if one.expired else ""
    return f"{code(one.path)}: {escape(one.reason)} ({escape(one.owner)}, until {escape(one.expires)}{expired})"


def _attestation(one: Attestation, today: str) -> str:
    until = f"{'expired' if one.expires < today else 'until'} {escape(one.expires)}"
    return f"{escape(one.subject)}: {escape(one.statement)} ({escape(one.by)}, {escape(one.on)}, {until})"


def _foot(seen: View, rows: int) -> str:
    read = "" if seen.single else f"{count(seen.targets, 'target')}, "
    return (
        f"<sub>{read}{count(seen.units, 'unit')}, {escape(seen.when)}. τ {seen.tau:g}: a subject stands at the highest "
        "level that this share of its units reach, counted with the unknown against and for. Declared: what the trees say. "
        "Confirmed: what has happened. "
        f"idp-assess {escape(seen.version)}, rules {escape(seen.ruleset)}.</sub>"
    )


_PARTS: tuple[Callable[[View, int], str], ...] = (
    _head, _ladder, _next, _teams, _placed, _units, _axes, _flows, _findings, _around, _foot,
)  # fmt: skip


# --- pieces -----------------------------------------------------------------------------------------------------


def _cells(span: Span) -> str:
    return "".join(_STEPS[step] for step in span.steps)


def _interval(span: Span) -> str:
    return "n/a" if span.without else "open" if span.open else f"`{_cells(span)}` {span.words}"


def _spot(spot: Spot) -> str:
    return _named(spot, spot.text)


def _named(spot: Spot, text: str) -> str:
    return f"[{code(text)}]({spot.href})" if spot.href else code(text)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], align: str) -> str:
    return "\n".join([f"| {' | '.join(head)} |", f"|{align}|", *(f"| {' | '.join(row)} |" for row in rows)])


def _list(items: Sequence[str], rows: int) -> str:
    return "\n".join(f"- {item}" for item in items[:rows]) + _more(len(items), rows)


def _more(total: int, rows: int) -> str:
    return f"\n\n… {total - rows:,} more in assessment.json" if total > rows else ""
