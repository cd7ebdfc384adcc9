"""A gate's result as a comment on a pull request, or as a job summary: GitHub-flavoured Markdown within a budget.

The worst come first and are shown in full; where the whole does not fit, fewer are, and how many is said. The first line is
a comment by which a bot finds its earlier comment again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from assess.policy.gate.result import GateResult
from assess.report.gate.view import SHOWN, Kind, Line, Shown, asked, counts, lines, page
from assess.report.markdown import BUDGET, code, escape, prose
from assess.report.text import plain, sentence
from assess.report.words import count

MARK = "<!-- idp-assess gate -->"
SUMMARY_BYTES = 1_000_000
"""What a job summary may weigh: GitHub drops one of over 1 MiB."""
_SHORT, _LONG = 200, 600
"""Characters of a place and of a text."""
_ENTRIES = (1_000, 400, 200, 100, 60, 40, 25, 15, 8, 4, 2, 1, 0)
"""Findings that are shown; the first number with which the whole fits is taken."""
_TITLES = {Kind.NEW: "Fails the gate", Kind.INCOMPARABLE: "Could not be checked or compared", Kind.WARNING: "Warnings"}


def render(shown: Shown) -> str:
    """The comment, of at most `BUDGET` characters."""
    return within(shown, BUDGET)


def within(shown: Shown, budget: int) -> str:
    """The same in at most so many bytes, and so in at most so many characters."""
    found = lines(shown.result, *SHOWN)
    for entries in _ENTRIES:
        text = "\n\n".join(_parts(shown.result, found, entries)) + "\n"
        if len(text.encode("utf-8", "replace")) <= budget:
            break
    return text


def _parts(result: GateResult, found: Sequence[Line], entries: int) -> Iterator[str]:
    yield f"{MARK}\n{_head(result)}"
    shown = found[:entries]
    for kind, group in groupby(shown, key=lambda line: line.kind):
        total = sum(line.kind is kind for line in found)
        yield f"### {_TITLES[kind]} ({total:,})"
        yield from _policies(list(group))
    if left := len(found) - len(shown):
        yield f"**{count(left, 'further finding')} did not fit here;** the worst are shown. `--report json=PATH` has all."
    for title, kind in (("Reported only", Kind.REPORTED), ("Excused", Kind.EXCUSED)):
        yield from _folded(title, lines(result, kind), entries)
    yield _asked(result)


def _head(result: GateResult) -> str:
    codes = [int(code) for code in result.exit_codes]
    said = {0: "passed", 1: "failed", 3: "incomplete"}
    title = f"## Gate {' and '.join(said[code] for code in codes)}"
    told = ", ".join(f"{number:,} {kind}" for kind, number in counts(result).items())
    if result.base == result.head:
        return f"{title}\n\n{told}, in all of {_commit(result, result.head)}."
    between = f"between {_commit(result, result.base)} and {_commit(result, result.head)}"
    return f"{title}\n\n{told}. {count(result.touched, 'file')} differ {between}."


def _commit(result: GateResult, commit: str) -> str:
    where = page(result) if result.target.forge == "github" else ""
    return f"[`{commit[:12]}`]({where}/commit/{commit})" if where else f"`{commit[:12]}`"


def _policies(found: Sequence[Line]) -> Iterator[str]:
    """The findings of one kind by policy, the policy with the worst first; why it matters is said once."""
    order: dict[str, list[Line]] = {}
    for line in found:
        order.setdefault(line.policy, []).append(line)
    for policy, these in order.items():
        first = these[0]
        title = f" {escape(first.title)}" if first.title and first.title != policy else ""
        yield f"**{first.finding.severity}** {code(policy)}{title}"
        apart = len({line.fix for line in these}) > 1
        yield "\n".join(f"- {_place(line)}: {_short(line.what)}" + (f"<br>Fix: {_short(line.fix)}" if apart else "") for line in these)
        yield _details(these, apart)


def _details(these: Sequence[Line], apart: bool) -> str:
    """What opens: why, how to mend it where one text is for all, the remedy, what decided; equal texts are said once."""
    told = []
    for name, texts in (
        ("Why", [line.why for line in these]), ("Fix", [line.fix for line in these if not apart]),
        ("Remedy", [line.remedy for line in these]), ("Action", [line.action for line in these]),
    ):  # fmt: skip
        said = [_short(text) for text in dict.fromkeys(texts) if text]
        if len(said) == 1:
            told.append(f"**{name}** {said[0]}")
        elif said:
            told.append(f"**{name}**\n" + "\n".join(f"- {text}" for text in said))
    return "<details><summary>Why, and how to mend it</summary>\n\n" + "\n\n".join(told) + "\n\n</details>"


def _folded(title: str, found: Sequence[Line], entries: int) -> Iterator[str]:
    """Findings that hold nothing up, a line each, folded."""
    if found:
        told = [f"- {code(line.policy)} {_place(line)}: {_short(line.what)} {_short(line.action)}" for line in found[:entries]]
        told += [f"- {len(found) - entries:,} more"] if len(found) > entries else []
        yield f"<details><summary>{title} ({len(found):,})</summary>\n\n" + "\n".join(told) + "\n\n</details>"


def _asked(result: GateResult) -> str:
    """What was asked, and what was left aside."""
    told = [escape(line) for line in asked(result)]
    if result.aside:
        shown = ", ".join(code(plain(path, _SHORT)) for path in result.aside[:10])
        more = f" and {len(result.aside) - 10:,} more" if len(result.aside) > 10 else ""
        told.append(f"not checked, for their trees do not count as use: {shown}{more}")
    told += [f"not seen on either side, and not touched: {_place(line)}: {_short(line.what)}" for line in lines(result, Kind.NOTED)[:10]]
    return "<details><summary>What was asked</summary>\n\n" + "\n".join(f"- {line}" for line in told) + "\n\n</details>"


def _place(line: Line) -> str:
    shown = code(plain(line.place, _SHORT))
    return f"[{shown}]({line.href})" if line.href else shown


def _short(text: str) -> str:
    """A text on one line; one that is long is cut, for the comment has to hold the others too."""
    return prose(sentence(plain(text, _LONG)))
